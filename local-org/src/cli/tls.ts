import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { generate } from 'selfsigned';

/** The org's own TLS: a certificate authority for clients to trust and a server certificate under it. */
export interface Tls {
  /** The file that clients trust. */
  readonly caFile: string;
  /** PEM. */
  readonly certificate: string;
  /** PEM. */
  readonly privateKey: string;
}

const DAY = 86_400_000;

/**
 * Creates `ca.crt`, `ca.key`, `server.crt` and `server.key` in the folder once (for localhost and
 * 127.0.0.1, private keys readable by their owner only) and anew when they are about to expire.
 */
export async function openTls(folder: string, now: number): Promise<Tls> {
  const path = (name: string): string => join(folder, name);
  if (
    !isUsable(path('server.crt'), now) ||
    !existsSync(path('server.key')) ||
    !existsSync(path('ca.crt'))
  ) {
    await create(folder, now);
  }
  return {
    caFile: path('ca.crt'),
    certificate: readFileSync(path('server.crt'), 'utf8'),
    privateKey: readFileSync(path('server.key'), 'utf8'),
  };
}

function isUsable(certificateFile: string, now: number): boolean {
  if (!existsSync(certificateFile)) return false;
  const { validTo } = new X509Certificate(readFileSync(certificateFile));
  return Date.parse(validTo) > now + DAY;
}

async function create(folder: string, now: number): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const shared = {
    keyType: 'ec',
    algorithm: 'sha256',
    // A clock that was set back a little must not make a new certificate invalid.
    notBeforeDate: new Date(now - DAY),
    notAfterDate: new Date(now + 825 * DAY),
  } as const;
  const ca = await generate([{ name: 'commonName', value: 'Local Org CA' }], {
    ...shared,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const server = await generate([{ name: 'commonName', value: 'localhost' }], {
    ...shared,
    ca: { key: ca.private, cert: ca.cert },
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  const files = {
    'ca.key': ca.private,
    'ca.crt': ca.cert,
    'server.key': server.private,
    'server.crt': server.cert,
  };
  for (const [name, pem] of Object.entries(files)) {
    writeFileSync(join(folder, name), pem, { mode: name.endsWith('.key') ? 0o600 : 0o644 });
  }
}
