import assert from "node:assert/strict";
import { parseCommandLine, usage, UsageError } from "../../controller/options.ts";

Deno.test("parseCommandLine() has defaults for everything", () => {
  assert.deepEqual(parseCommandLine([]), {
    help: false,
    kubeconfig: undefined,
    context: undefined,
    namespace: "tgp-system",
    credentialNamespaces: [],
    listen: { hostname: "0.0.0.0", port: 8080 },
    webhook: undefined,
    logLevel: "info",
    timeScale: undefined,
  });
});

Deno.test("parseCommandLine() reads every flag", () => {
  const line = parseCommandLine([
    "--kubeconfig=/tmp/config",
    "--context",
    "staging",
    "--namespace=gpus",
    "--credential-namespaces=team-a,team-b",
    "--listen=[::1]:9090",
    "--webhook-listen=0.0.0.0:9443",
    "--webhook-cert-dir=/certs",
    "--webhook-hosts=127.0.0.1,webhook.example",
    "--log-level=debug",
    "--time-rate=60",
    "--time-meet=2026-01-01T12:00:00Z",
  ]);
  assert.deepEqual(line, {
    help: false,
    kubeconfig: "/tmp/config",
    context: "staging",
    namespace: "gpus",
    credentialNamespaces: ["team-a", "team-b"],
    listen: { hostname: "::1", port: 9090 },
    webhook: {
      listen: { hostname: "0.0.0.0", port: 9443 },
      certificateFolder: "/certs",
      hosts: ["127.0.0.1", "webhook.example"],
    },
    logLevel: "debug",
    timeScale: { rate: 60, meetMs: Date.UTC(2026, 0, 1, 12) },
  });
});

const mistakes: readonly (readonly [readonly string[], RegExp])[] = [
  [["--nonsense"], /--nonsense/],
  [["positional"], /positional/],
  [["--namespace"], /--namespace/],
  [["--listen=8080"], /--listen takes HOST:PORT such as 0\.0\.0\.0:8080, not "8080"/],
  [["--listen=:8080"], /--listen takes HOST:PORT/],
  [["--listen=host:99999"], /--listen takes HOST:PORT/],
  [["--webhook-listen=9443"], /--webhook-listen takes HOST:PORT/],
  [["--webhook-listen=:::9443", "--webhook-hosts=a b"], /--webhook-hosts takes names .*not "a b"/],
  [["--webhook-cert-dir=/certs"], /--webhook-cert-dir and --webhook-hosts need --webhook-listen/],
  [["--webhook-hosts=::1"], /need --webhook-listen/],
  [["--log-level=loud"], /--log-level takes debug, info, warn, error, not "loud"/],
  [
    ["--time-rate=0", "--time-meet=2026-01-01T00:00:00Z"],
    /--time-rate takes a number from 1 to 60/,
  ],
  [["--time-rate=61", "--time-meet=2026-01-01T00:00:00Z"], /--time-rate/],
  [["--time-rate=fast", "--time-meet=2026-01-01T00:00:00Z"], /--time-rate/],
  [["--time-rate=2"], /--time-meet takes an RFC 3339 time/],
  [["--time-rate=2", "--time-meet=noon"], /--time-meet takes an RFC 3339 time/],
  [["--time-meet=2026-01-01T00:00:00Z"], /--time-rate takes a number/],
];

for (const [args, message] of mistakes) {
  Deno.test(`parseCommandLine(${args.join(" ")}) names the mistake`, () => {
    assert.throws(() => parseCommandLine(args), (error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, message);
      return true;
    });
  });
}

Deno.test("usage tells of every flag that is read", () => {
  assert.equal(parseCommandLine(["--help"]).help, true);
  assert.equal(parseCommandLine(["-h"]).help, true);
  for (
    const flag of [
      "kubeconfig",
      "context",
      "namespace",
      "credential-namespaces",
      "listen",
      "log-level",
      "time-rate",
      "time-meet",
      "help",
    ]
  ) assert.match(usage, new RegExp(`--${flag} `));
});
