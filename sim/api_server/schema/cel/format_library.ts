/**
 * `format.…()`, as k8s.io/apiserver `pkg/cel/library/format.go` has it, v0.36. What is wrong with a value
 * is said in fewer words.
 *
 * @module
 */

import { type Environment, Optional } from "@marcbachmann/cel-js";
import { matchesFormat } from "../formats.ts";

const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const name = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";

/** A text of a form, with a length. */
function matching(form: string, maxLength: number): (text: string) => boolean {
  const pattern = new RegExp(`^${form}$`);
  return (text) => pattern.test(text) && text.length <= maxLength;
}

/** A prefix of a form may end with a dash, since something follows. */
function prefixOf(isForm: (text: string) => boolean): (text: string) => boolean {
  return (text) => isForm(text.replace(/-$/, "a"));
}

const dns1123Label = matching(label, 63);
const dns1123Subdomain = matching(`${label}(\\.${label})*`, 253);
const dns1035Label = matching("[a-z]([-a-z0-9]*[a-z0-9])?", 63);
const isName = matching(name, 63);

const checks: Readonly<Record<string, (text: string) => boolean>> = {
  dns1123Label,
  dns1123Subdomain,
  dns1035Label,
  qualifiedName: (text) => {
    const parts = text.split("/");
    const [domain = ""] = parts;
    return parts.length === 1
      ? isName(text)
      : parts.length === 2 && dns1123Subdomain(domain) && isName(parts[1] ?? "");
  },
  dns1123LabelPrefix: prefixOf(dns1123Label),
  dns1123SubdomainPrefix: prefixOf(dns1123Subdomain),
  dns1035LabelPrefix: prefixOf(dns1035Label),
  labelValue: matching(`(${name})?`, 63),
  uri: (text) => /^[A-Za-z][-+.A-Za-z0-9]*:|^\//.test(text) && !/\s/.test(text),
  uuid: (text) => matchesFormat("uuid", text),
  byte: (text) => matchesFormat("byte", text),
  date: (text) => matchesFormat("date", text),
  datetime: (text) => matchesFormat("date-time", text),
};

class FormatNamespace {}

class Format {
  readonly name: string;
  readonly holds: (text: string) => boolean;

  constructor(name: string, holds: (text: string) => boolean) {
    this.name = name;
    this.holds = holds;
  }
}

/** Registers the functions. */
export function registerFormats(environment: Environment): Environment {
  const type = "kubernetes.NamedFormat";
  environment
    .registerType(type, Format)
    .registerType("FormatNamespace", FormatNamespace)
    .registerConstant("format", "FormatNamespace", new FormatNamespace())
    .registerFunction(
      `${type}.validate(string): optional<list<string>>`,
      ({ name, holds }: Format, text: string) =>
        holds(text) ? Optional.none() : Optional.of([`is no ${name}`]),
    )
    .registerFunction(
      `FormatNamespace.named(string): optional<${type}>`,
      (_: FormatNamespace, name: string) => {
        const holds = Object.hasOwn(checks, name) ? checks[name] : undefined;
        return holds ? Optional.of(new Format(name, holds)) : Optional.none();
      },
    );
  for (const [name, holds] of Object.entries(checks)) {
    environment.registerFunction(
      `FormatNamespace.${name}(): ${type}`,
      () => new Format(name, holds),
    );
  }
  return environment;
}
