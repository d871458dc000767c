/**
 * What a certificate request asks for.
 *
 * @module
 */

import "reflect-metadata";
import { Pkcs10CertificateRequest } from "@peculiar/x509";
import type { Subject } from "./certificate_authority.ts";

/** Reads the subject of a PKCS#10 request in PEM. @throws {Error} If it is none. */
export function readRequestSubject(requestPem: string): Required<Subject> {
  const name = new Pkcs10CertificateRequest(requestPem).subjectName;
  return {
    commonName: name.getField("CN")[0] ?? "",
    organizations: name.getField("O"),
  };
}
