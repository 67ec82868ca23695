import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { countLockedPackages, forgetInstalled, isInstalled, markInstalled } from './installed.mjs';
import { Problem } from './problem.mjs';
import { showProgress } from './progress.mjs';
import { takeTurn } from './turn.mjs';

/* Scripts stay off: the locked packages' own are advertisements, none builds anything. */
const CI = ['ci', '--include=dev', '--include=optional', '--ignore-scripts', '--loglevel=http'];
const LINES_SHOWN_OF_A_FAILURE = 25;
/* npm asked to stop has gone on for 20 s to unpack what it had fetched; half an install is no loss. */
const STOP_TIMEOUT_MS = 2000;
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Makes node_modules match package-lock.json, or does nothing when it does already.
 *
 * Of several runs at once one installs and the others wait for it. A failed or interrupted install leaves
 * no mark, so the next run starts it anew. `what` is how the packages are spoken of.
 */
export async function ensureInstalled(root, what = 'packages') {
  if (isInstalled(root)) return;
  let told = false;
  const giveBack = await takeTurn(join(root, '.data', 'installing'), () => {
    if (!told) console.error(`Another run is installing the ${what}; waiting for it.`);
    told = true;
  });
  try {
    if (isInstalled(root)) return;
    forgetInstalled(root);
    await install(root, what);
    markInstalled(root);
  } finally {
    giveBack();
  }
}

async function install(root, what) {
  const total = countLockedPackages(root);
  let fetched = 0;
  let output = '';
  const progress = showProgress(() =>
    fetched === 0
      ? `Installing ${total} ${what}`
      : `Installing ${total} ${what}, ${Math.min(fetched, total)} fetched`,
  );
  const { code, stoppedBy } = await runNpm(root, (text) => {
    output += text;
    fetched += text.split('.tgz ').length - 1;
  }).catch((error) => {
    progress.stop();
    throw error;
  });
  if (code === 0 && stoppedBy === null) {
    progress.done(`Installed ${total} ${what}`);
    return;
  }
  progress.stop();
  if (stoppedBy !== null) {
    throw new Problem(`The install was stopped by ${stoppedBy}. The next run starts it anew.`);
  }
  throw new Problem(explain(root, output, code));
}

/*
 * npm's own file is started with this very node: inside `npm start` it is known, else npm is looked for.
 * Answers how npm ended, and by which signal it or this process was asked to stop, if any.
 */
function runNpm(root, onOutput) {
  const known = process.env.npm_execpath ?? '';
  const [command, first] = /npm-cli\.c?js$/.test(known) ? [process.execPath, [known]] : ['npm', []];
  let asked = null;
  const stop = (signal) => {
    asked ??= signal;
    npm.kill(signal);
    setTimeout(() => npm.kill('SIGKILL'), STOP_TIMEOUT_MS).unref();
  };
  // Before npm runs: a signal in between would end this process and leave npm to itself.
  for (const signal of STOP_SIGNALS) process.on(signal, stop);
  const npm = spawn(command, [...first, ...CI], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: command === 'npm' && process.platform === 'win32',
  });
  npm.stdout.setEncoding('utf8').on('data', onOutput);
  npm.stderr.setEncoding('utf8').on('data', onOutput);
  return new Promise((resolve, reject) => {
    npm.on('error', (error) => reject(error.code === 'ENOENT' ? npmIsMissing() : error));
    npm.on('close', (code, signal) => resolve({ code, stoppedBy: asked ?? signal }));
  }).finally(() => STOP_SIGNALS.forEach((signal) => process.off(signal, stop)));
}

function npmIsMissing() {
  return new Problem(
    'npm was not found. It comes with Node: install Node 24 with npm, then run this again.',
  );
}

function explain(root, output, code) {
  if (output.includes('EUSAGE') && output.includes('in sync')) {
    return (
      'package.json and package-lock.json are out of step, so nothing was installed:\n' +
      `${lastLines(output, (line) => /npm error (Missing|Invalid):/.test(line))}\n` +
      `Run npm install under Node 24 in ${root} and commit the lock with the change, or restore both files with git.`
    );
  }
  const ends = lastLines(output, (line) => line !== '' && !/^npm (http|warn) /.test(line));
  return `npm ci failed in ${root} (exit code ${code}); the end of what it said:\n${ends}`;
}

function lastLines(output, wanted) {
  const lines = output.split('\n').filter(wanted);
  return lines
    .slice(-LINES_SHOWN_OF_A_FAILURE)
    .map((line) => `  ${line}`)
    .join('\n');
}
