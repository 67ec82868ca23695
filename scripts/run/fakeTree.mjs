import { spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

process.setMaxListeners(100);
const scripts = dirname(dirname(fileURLToPath(import.meta.url)));

/*
 * What the stand-in for npm does: note the call, take its time, leave the record npm leaves and a
 * "Node 24" that is the node of this test. NPM_SAYS makes it fail with that text; with
 * NPM_STUBBORN it goes on whoever asks it to stop.
 */
const NPM = `#!/bin/sh
if [ -n "$NPM_STUBBORN" ]; then trap '' INT TERM; fi
echo "$@" >> npm-calls
echo "npm warn EBADENGINE Unsupported engine" >&2
if [ -n "$NPM_SAYS" ]; then printf '%b\\n' "$NPM_SAYS" >&2; exit 1; fi
if [ -n "$NPM_STUBBORN" ]; then exec sleep 60; fi
sleep "\${NPM_SECONDS:-0}"
mkdir -p node_modules/node-${process.platform}-${process.arch}/bin
printf '#!/bin/sh\\nexec "${process.execPath}" "$@"\\n' > node_modules/node-${process.platform}-${process.arch}/bin/node
chmod +x node_modules/node-${process.platform}-${process.arch}/bin/node
echo '{}' > node_modules/.package-lock.json
`;

/** A project in a directory of its own, with the launcher under test and a stand-in for npm. */
export function makeTree(files = {}) {
  const root = mkdtempSync(join(tmpdir(), 'run-test-'));
  process.on('exit', () => rmSync(root, { recursive: true, force: true }));
  cpSync(join(scripts, 'run.mjs'), join(root, 'scripts/run.mjs'));
  cpSync(join(scripts, 'run'), join(root, 'scripts/run'), { recursive: true });
  const write = (path, text) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write('package-lock.json', '{"packages":{"node_modules/a":{}}}');
  write('hello.mjs', 'console.log("hello", ...process.argv.slice(2));');
  for (const [path, text] of Object.entries(files)) write(path, text);
  write('bin/npm', NPM);
  chmodSync(join(root, 'bin/npm'), 0o755);
  return {
    root,
    write,
    npmCalls: () =>
      existsSync(join(root, 'npm-calls'))
        ? readFileSync(join(root, 'npm-calls'), 'utf8').trim().split('\n')
        : [],
  };
}

/** Starts the launcher of a tree; `ended` resolves with what it printed and how it ended. */
export function start(tree, args, { env = {}, nodeOptions = [], path } = {}) {
  const child = spawn(process.execPath, [...nodeOptions, 'scripts/run.mjs', ...args], {
    cwd: tree.root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      npm_execpath: '',
      PATH: path ?? [join(tree.root, 'bin'), process.env.PATH].join(delimiter),
      ...env,
    },
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (err += text));
  const ended = new Promise((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal, out, err })),
  );
  return { child, ended, printed: () => out };
}
