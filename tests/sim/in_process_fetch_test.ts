import assert from "node:assert/strict";
import { explainNetworkFailure } from "../../providers/network_failure.ts";
import { cut } from "../../sim/handler.ts";
import { createInProcessFetch } from "../../sim/in_process_fetch.ts";

const request = (signal?: AbortSignal) =>
  new Request("http://cloud.test/x", signal ? { signal } : {});

Deno.test("createInProcessFetch() passes requests and answers through", async () => {
  const fetch = createInProcessFetch(({ url }) => Promise.resolve(new Response(url)));
  assert.equal(await (await fetch(request())).text(), "http://cloud.test/x");
});

Deno.test("createInProcessFetch() fails as the platform does", async () => {
  let reachable = false;
  let calls = 0;
  const fetch = createInProcessFetch(() => {
    calls++;
    return Promise.resolve(cut);
  }, { isReachable: () => reachable });
  const failure = () => fetch(request()).then(() => assert.fail(), explainNetworkFailure);
  assert.deepEqual(await failure(), { unsent: true, message: "connection refused" });
  assert.equal(calls, 0);
  reachable = true;
  assert.deepEqual(await failure(), { unsent: false, message: "connection closed" });
  assert.equal(calls, 1);
});

Deno.test("createInProcessFetch() rejects with the signal's reason, whatever the stand-in does", async () => {
  const reason = new Error("enough");
  const fetch = createInProcessFetch(() => new Promise(() => {}));
  const cancel = new AbortController();
  const asking = fetch(request(cancel.signal));
  cancel.abort(reason);
  await assert.rejects(asking, (error) => error === reason);
});
