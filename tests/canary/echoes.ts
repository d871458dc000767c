/**
 * Vendors that repeat what they were sent: the key in their messages, codes, headers and web pages, and
 * the whole body of an order.
 *
 * @module
 */

/** What a careless vendor answers. */
export interface Echo {
  readonly name: string;
  /** @param said What it repeats. */
  readonly answer: (said: string) => Response;
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  Response.json(body, { status, headers });

const text = (status: number, body: string, headers: Record<string, string> = {}) =>
  new Response(body, { status, headers: { "content-type": "text/html", ...headers } });

/** The envelopes of all vendors, for all vendors: gateways mix them up as well. */
function toEnvelopes(said: string): Readonly<Record<string, unknown>> {
  return {
    nested: {
      error: { code: said, message: `Key ${said} is odd.`, suggestion: said, request_id: said },
      field_errors: { [said]: { code: said, message: said } },
    },
    flat: { code: said, message: `Key ${said} is odd.`, details: { [said]: said } },
    issues: { code: "BAD_REQUEST", message: said, issues: [{ message: said, path: [said] }] },
    plain: { error: said, status: 400, success: false },
    problem: { type: said, title: said, detail: said, instance: said },
    graphql: {
      errors: [{ message: said, path: [said], extensions: { code: said, stack: said } }],
      data: null,
    },
    partial: { errors: [{ message: `Something about ${said}` }], data: { [said]: null } },
    mistyped: { data: { [said]: said }, id: { [said]: 1 } },
    list: [said],
    string: said,
  };
}

const statuses = [200, 400, 401, 403, 404, 409, 422, 429, 500, 503] as const;

/** Every shape. */
export const echoes: readonly Echo[] = [
  ...Object.keys(toEnvelopes("")).flatMap((envelope) =>
    statuses.map((status) => ({
      name: `${status} with a ${envelope} envelope`,
      answer: (said: string) => json(status, toEnvelopes(said)[envelope]),
    }))
  ),
  ...statuses.flatMap((status) => [
    {
      name: `${status} with a page`,
      answer: (said: string) =>
        text(status, `<html><head><title>${said}</title></head><body>${said}</body></html>`),
    },
    {
      name: `${status} with a bare page`,
      answer: (said: string) => text(status, `<html><body><p>Sorry, ${said}</p></body></html>`),
    },
  ]),
  // Messages are cut: never through the middle of a secret.
  ...[0, 40, 55, 60, 65, 70, 75, 79, 270, 280, 285, 290, 295, 299].flatMap((before) =>
    ([200, 500] as const).map((status) => ({
      name: `${status} with a text that has it at ${before}`,
      answer: (said: string) => text(status, `${"x".repeat(before)}${said}${"y".repeat(200)}`),
    }))
  ),
  {
    name: "a redirect that carries it along",
    answer: (said) => text(302, "", { location: `https://example.net/?key=${encode(said)}` }),
  },
  {
    name: "headers with it",
    answer: (said) =>
      text(429, "", {
        "retry-after": oneLine(said),
        "x-request-id": oneLine(said),
        "www-authenticate": `Bearer realm="${oneLine(said)}"`,
      }),
  },
  {
    name: "a message with it in a link",
    answer: (said) =>
      json(400, { message: `see https://example.net/?key=${encode(said)}`, code: "BAD_REQUEST" }),
  },
  {
    name: "a message with it in base64",
    answer: (said) => json(400, { message: `token ${btoa(said)}`, code: "BAD_REQUEST" }),
  },
];

function encode(said: string): string {
  return encodeURIComponent(said);
}

/** What headers can hold. */
function oneLine(said: string): string {
  return said.replaceAll(/[^\x20-\x7e]/g, " ");
}

/** What a request gives away: its key, and its body if it has one. */
export async function readSecrets(request: Request): Promise<readonly string[]> {
  const authorization = request.headers.get("authorization") ?? "";
  const key = authorization.slice(authorization.indexOf(" ") + 1);
  const body = await request.clone().text();
  return body === "" ? [key] : [key, body];
}
