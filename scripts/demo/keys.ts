import { writeFile } from 'node:fs/promises';

import { generate } from 'selfsigned';

/** An RSA key and a self-signed certificate: how an integration proves who it is to an org. */
export interface ClientKey {
  readonly privateKeyPem: string;
  readonly privateKeyFile: string;
  readonly certificateFile: string;
}

/** Makes both anew; the key file is readable by its owner only. */
export async function makeClientKey(
  privateKeyFile: string,
  certificateFile: string,
): Promise<ClientKey> {
  const attributes = [{ name: 'commonName', value: 'Asset Signals demo' }];
  const made = await generate(attributes, { keySize: 2048, algorithm: 'sha256' });
  await writeFile(privateKeyFile, made.private, { mode: 0o600 });
  await writeFile(certificateFile, made.cert);
  return { privateKeyPem: made.private, privateKeyFile, certificateFile };
}
