/**
 * Complete lists from partial ones.
 *
 * @module
 */

import type { KubernetesList, KubernetesObject } from "../schemas/kubernetes.ts";
import { parseObject } from "./answer.ts";
import { KubeAnswerError } from "./errors.ts";
import { Fields } from "./fields.ts";
import { KubeError, type ListOptions } from "./kube.ts";
import type { Requester } from "./requester.ts";
import { type Query, toPath } from "./resource_path.ts";
import type { ResourceType } from "./resource.ts";

/** Objects per page: client-go's number; small enough that one page never holds the server up. */
const pageSize = 500;

/**
 * Lists all objects of a selection, page by page.
 *
 * The server forgets where a list stood after some minutes and then answers 410; the list is then read
 * again in one piece, which cannot expire. A list is complete and of one moment, or an error.
 */
export async function listPages<T extends KubernetesObject>(
  requester: Requester,
  type: ResourceType<T>,
  options: ListOptions,
): Promise<KubernetesList<T>> {
  const items: T[] = [];
  let next: string | undefined;
  do {
    let page: Page<T>;
    try {
      page = await readPage(requester, type, options, { limit: pageSize, continue: next });
    } catch (error) {
      const expired = error instanceof KubeError && error.code === 410 && next !== undefined;
      if (!expired) throw error;
      page = await readPage(requester, type, options, {});
      items.length = 0;
    }
    for (const item of page.items) items.push(item);
    next = page.next;
    if (next === undefined) {
      return { metadata: { resourceVersion: page.resourceVersion }, items };
    }
  } while (true);
}

interface Page<T> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
  readonly next: string | undefined;
}

async function readPage<T extends KubernetesObject>(
  requester: Requester,
  type: ResourceType<T>,
  options: ListOptions,
  paging: Query,
): Promise<Page<T>> {
  const { namespace, labelSelector, fieldSelector, signal } = options;
  const path = toPath(type, { namespace }, { labelSelector, fieldSelector, ...paging });
  const asked = `GET ${toPath(type, { namespace })}`;
  const raw = await requester.json({ method: "GET", path, signal });
  try {
    const list = new Fields(raw);
    const metadata = list.fields("metadata");
    return {
      items: list.list("items").map((item) => parseObject(type, item, asked)),
      resourceVersion: metadata.requiredString("resourceVersion"),
      next: metadata.string("continue") || undefined,
    };
  } catch (error) {
    if (error instanceof KubeAnswerError) throw error;
    throw new KubeAnswerError(`Cannot read the answer to ${asked}: it is no list`, {
      cause: error,
    });
  }
}
