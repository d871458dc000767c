import assert from "node:assert/strict";
import { matchesModel, resolveModelWord } from "../../../plugin/offers/gpu_model_match.ts";
import { gpuModels } from "../../../schemas/gpu_models.ts";

const matching = (word: string) =>
  gpuModels.map(({ id }) => id).filter((id) => matchesModel(word, id));

Deno.test("matchesModel() takes a family whole, and every form of it", () => {
  assert.deepEqual(matching("h100"), ["H100-SXM5-80GB", "H100-PCIE-80GB", "H100-NVL-94GB"]);
  assert.deepEqual(matching("A10"), ["A10-24GB"]);
});

Deno.test("matchesModel() narrows by form and memory", () => {
  assert.deepEqual(matching("H100-SXM"), ["H100-SXM5-80GB"]);
  assert.deepEqual(matching("a100-80gb"), ["A100-SXM4-80GB", "A100-PCIE-80GB"]);
  assert.deepEqual(matching("A100-PCIE-40GB"), ["A100-PCIE-40GB"]);
  assert.deepEqual(matching("H100-80GB-SXM5"), []);
});

Deno.test("every canonical model means itself and nothing else", () => {
  for (const { id } of gpuModels) assert.deepEqual(matching(id), [id]);
});

Deno.test("resolveModelWord() keeps what matches, and spells out what can only mean one card", () => {
  assert.equal(resolveModelWord("H100", []), "H100");
  assert.equal(resolveModelWord("RTX4090", []), "RTX-4090-24GB");
  assert.equal(resolveModelWord("Z1000", ["Z1000-12GB"]), "Z1000");
});

Deno.test("resolveModelWord() names the candidates of an ambiguous word", () => {
  assert.throws(() => resolveModelWord("RTX6000", []), {
    name: "UsageError",
    message: /^RTX6000 could be .*RTX-6000-ADA-48GB.*: write one of these names$/,
  });
});

Deno.test("resolveModelWord() says what there is instead of an unknown model", () => {
  assert.throws(() => resolveModelWord("H100-SXM9", []), {
    message: /^unknown GPU model "H100-SXM9": there are H100-SXM5-80GB, /,
  });
  assert.throws(() => resolveModelWord("TPU", []), (error: Error & { remedy?: string[] }) => {
    assert.equal(error.message, 'unknown GPU model "TPU"');
    assert.match(error.remedy?.join() ?? "", /^Known models: .*H100/);
    return true;
  });
});
