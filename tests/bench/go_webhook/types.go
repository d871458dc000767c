package main

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// GPUNodeClass has the fields that the review carries.
type GPUNodeClass struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec              Spec `json:"spec"`
}

// Spec is where to buy and how machines join.
type Spec struct {
	Providers []Provider `json:"providers"`
	Bootstrap *Bootstrap `json:"bootstrap,omitempty"`
	Limits    *Limits    `json:"limits,omitempty"`
}

// Provider is one account.
type Provider struct {
	Name           string            `json:"name"`
	Provider       string            `json:"provider,omitempty"`
	Priority       *int32            `json:"priority,omitempty"`
	Enabled        *bool             `json:"enabled,omitempty"`
	CredentialsRef CredentialsRef    `json:"credentialsRef"`
	Regions        []string          `json:"regions,omitempty"`
	Lambda         map[string]string `json:"lambda,omitempty"`
	Paperspace     map[string]any    `json:"paperspace,omitempty"`
	Runpod         map[string]any    `json:"runpod,omitempty"`
}

// CredentialsRef names a key of a Secret.
type CredentialsRef struct {
	Name      string `json:"name"`
	Key       string `json:"key"`
	Namespace string `json:"namespace,omitempty"`
}

// Bootstrap is how machines join.
type Bootstrap struct {
	Kubeadm *Kubeadm `json:"kubeadm,omitempty"`
}

// Kubeadm joins a cluster made by kubeadm.
type Kubeadm struct {
	APIServerEndpoint string `json:"apiServerEndpoint"`
	CABundle          string `json:"caBundle,omitempty"`
	KubernetesVersion string `json:"kubernetesVersion"`
	GPUMode           string `json:"gpuMode,omitempty"`
}

// Limits bound what a class may buy.
type Limits struct {
	Nodes        *int32 `json:"nodes,omitempty"`
	SpendPerHour string `json:"spendPerHour,omitempty"`
	SpendPerDay  string `json:"spendPerDay,omitempty"`
}

// DeepCopyObject is never called by the webhook server; runtime.Object asks for it.
func (in *GPUNodeClass) DeepCopyObject() runtime.Object {
	out := *in
	return &out
}
