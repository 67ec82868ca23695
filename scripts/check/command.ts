import { spawn } from 'node:child_process';
import { isAbsolute, join } from 'node:path';
import type { Step } from './step.ts';

/**
 * A step that is a program of one of the locked packages (a path inside node_modules) or of a tool's own (an absolute
 * path), run by the Node that runs this.
 * Exit code 0 is a pass; otherwise the lines it printed are the findings.
 */
export function commandStep(name: string, script: string, args: readonly string[]): Step {
  return {
    name,
    run: (root) =>
      new Promise((resolve, reject) => {
        const file = isAbsolute(script) ? script : join(root, 'node_modules', script);
        const child = spawn(process.execPath, [file, ...args], {
          cwd: root,
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        let output = '';
        child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
        child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
        child.on('error', reject);
        child.on('close', (code, signal) => {
          resolve(code === 0 ? [] : findingsIn(output, signal ?? `exit code ${code}`));
        });
      }),
  };
}

function findingsIn(output: string, ending: string): readonly string[] {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines.length > 0 ? lines : [`ended with ${ending} and said nothing`];
}
