import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { connect, createServer } from 'node:tls';

import { openTls } from './tls.ts';

const folder = mkdtempSync(join(tmpdir(), 'local-org-tls-'));
after(() => rmSync(folder, { recursive: true }));

test('a client that trusts the authority connects as localhost and as 127.0.0.1; another does not', async () => {
  const { caFile, certificate, privateKey } = await openTls(folder, Date.now());
  const server = createServer({ cert: certificate, key: privateKey }, (socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const { port } = address;
  const attempt = (name: string, ca?: Buffer): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect({
        port,
        // An address is checked by itself; a name may differ from where it leads.
        ...(name === '127.0.0.1' ? { host: name } : { host: '127.0.0.1', servername: name }),
        ...(ca === undefined ? {} : { ca }),
      });
      socket.once('secureConnect', () => {
        resolve('connected');
        socket.end();
      });
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
    });
  try {
    const ca = readFileSync(caFile);
    assert.equal(await attempt('localhost', ca), 'connected');
    assert.equal(await attempt('127.0.0.1', ca), 'connected');
    assert.equal(await attempt('example.test', ca), 'ERR_TLS_CERT_ALTNAME_INVALID');
    assert.notEqual(await attempt('localhost'), 'connected');
  } finally {
    server.close();
  }
});

test('certificates are made once, private to their owner, and anew before they end', async () => {
  const first = await openTls(folder, Date.now());
  assert.equal((await openTls(folder, Date.now())).certificate, first.certificate);
  assert.equal(statSync(join(folder, 'server.key')).mode & 0o077, 0);
  assert.equal(statSync(join(folder, 'ca.key')).mode & 0o077, 0);
  const later = await openTls(folder, Date.now() + 825 * 86_400_000);
  assert.notEqual(later.certificate, first.certificate);
});
