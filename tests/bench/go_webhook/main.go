// Command go_webhook is the peer of the webhook benchmark: controller-runtime's webhook server, answering
// the same AdmissionReview of a GPUNodeClass, with a decoder, a typed object and a validator as projects
// built on controller-runtime write them.
//
// It prints the address it listens on and serves until its standard input ends or it is told to stop.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
	"sigs.k8s.io/controller-runtime/pkg/webhook"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"
)

type validator struct{}

var clouds = map[string]bool{"lambda": true, "paperspace": true, "runpod": true}

func (validator) ValidateCreate(_ context.Context, class *GPUNodeClass) (admission.Warnings, error) {
	return nil, validate(class).ToAggregate()
}

func (validator) ValidateUpdate(_ context.Context, _, class *GPUNodeClass) (admission.Warnings, error) {
	return nil, validate(class).ToAggregate()
}

func (validator) ValidateDelete(context.Context, *GPUNodeClass) (admission.Warnings, error) {
	return nil, nil
}

// validate holds the rules that a schema cannot state.
func validate(class *GPUNodeClass) field.ErrorList {
	var problems field.ErrorList
	names := map[string]bool{}
	at := field.NewPath("spec", "providers")
	for index, provider := range class.Spec.Providers {
		cloud := provider.Provider
		if cloud == "" {
			cloud = provider.Name
		}
		if !clouds[strings.ToLower(cloud)] {
			problems = append(problems, field.Invalid(at.Index(index), cloud, "unsupported provider"))
		}
		if names[provider.Name] {
			problems = append(problems, field.Duplicate(at.Index(index).Child("name"), provider.Name))
		}
		names[provider.Name] = true
	}
	if bootstrap := class.Spec.Bootstrap; bootstrap != nil && bootstrap.Kubeadm == nil {
		problems = append(problems, field.Required(field.NewPath("spec", "bootstrap", "kubeadm"), ""))
	}
	return problems
}

func main() {
	port := flag.Int("port", 0, "port on 127.0.0.1")
	certDir := flag.String("cert-dir", "", "folder with tls.crt and tls.key")
	flag.Parse()
	log.SetLogger(zap.New(zap.WriteTo(io.Discard)))

	scheme := runtime.NewScheme()
	scheme.AddKnownTypes(schema.GroupVersion{Group: "tgp.io", Version: "v1"}, &GPUNodeClass{})
	server := webhook.NewServer(webhook.Options{Host: "127.0.0.1", Port: *port, CertDir: *certDir})
	server.Register("/validate", admission.WithValidator(scheme, validator{}))

	ctx, stop := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	if err := server.Start(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
