import assert from "node:assert/strict";
import { loadAll } from "js-yaml";
import { describeAccess } from "../../../../kube/preflight/access_review.ts";
import { listControllerRules } from "../../../../kube/preflight/checks/controller_rules.ts";

interface Role {
  readonly kind: string;
  readonly metadata: { readonly namespace?: string };
  readonly rules: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly resourceNames?: readonly string[];
    readonly verbs: readonly string[];
  }[];
}

/**
 * Admission's questions, not the code's: needed only in clusters that check owner references, and there a
 * write says what is missing.
 */
const askedByAdmission = /finalizers\.tgp\.io|\/finalizers/;

Deno.test("listControllerRules() is what manifests/rbac grants, no more and no less", async () => {
  const text = await Deno.readTextFile(
    new URL("../../../../manifests/rbac/controller.yaml", import.meta.url),
  );
  const objects: Role[] = [];
  loadAll(text, (object) => objects.push(object as Role));
  const granted = objects.filter(({ kind }) => kind === "ClusterRole" || kind === "Role").flatMap(
    ({ metadata: { namespace }, rules }) =>
      rules.flatMap(({ apiGroups, resources, resourceNames, verbs }) =>
        apiGroups.flatMap((group) =>
          resources.flatMap((path) =>
            verbs.flatMap((verb) =>
              (resourceNames ?? [undefined]).map((name) => {
                const [resource = "", subresource] = path.split("/");
                return describeAccess({ verb, group, resource, subresource, namespace, name });
              })
            )
          )
        )
      ),
  );
  assert.deepEqual(
    listControllerRules("tgp-system").map(describeAccess).sort(),
    granted.filter((one) => !askedByAdmission.test(one)).sort(),
  );
});
