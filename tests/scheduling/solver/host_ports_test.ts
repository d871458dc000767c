import assert from "node:assert/strict";
import { collides, hostPortsOf } from "../../../scheduling/solver/host_ports.ts";
import { buildPod } from "../../support/scheduling.ts";

Deno.test("hostPortsOf() reads containers and sidecars, not init containers that end", () => {
  const port = (hostPort: number) => [{ containerPort: 1, hostPort }];
  const pod = buildPod("p", {
    spec: {
      containers: [{ name: "a", ports: [...port(80), { containerPort: 5 }] }],
      initContainers: [
        { name: "b", restartPolicy: "Always", ports: port(90) },
        { name: "c", ports: port(91) },
      ],
    },
  });
  assert.deepEqual(hostPortsOf(pod).map(({ port }) => port), [80, 90]);
});

const everywhere = { ip: "0.0.0.0", port: 80, protocol: "TCP" };
const cases: readonly [string, typeof everywhere, boolean][] = [
  ["the same port", everywhere, true],
  ["one address of all", { ...everywhere, ip: "10.0.0.1" }, true],
  ["another port", { ...everywhere, port: 81 }, false],
  ["another protocol", { ...everywhere, protocol: "UDP" }, false],
];
for (const [name, other, expected] of cases) {
  Deno.test(`collides() with ${name}: ${expected}`, () => {
    assert.equal(collides([everywhere], [other]), expected);
    assert.equal(collides([other], [everywhere]), expected);
  });
}

Deno.test("collides() lets different addresses share a port", () => {
  assert.ok(!collides([{ ...everywhere, ip: "10.0.0.1" }], [{ ...everywhere, ip: "10.0.0.2" }]));
});
