import { z } from 'zod';

import type { Clock } from '../../clock.ts';
import { makeId } from '../../store/ids.ts';
import type { Session } from '../access.ts';
import { readComponents } from './components.ts';
import type { PackageContent, PackageProblem } from './components.ts';
import { first, SoapFault, textAt } from './envelope.ts';
import type { SoapNode, SoapValue } from './envelope.ts';
import { judgePackage } from './judge.ts';
import { lineAt, topLevelElements } from './topLevel.ts';
import { readZip, ZipError } from './zip.ts';

export interface DeployParts {
  readonly clock: Clock;
  /** The folders the org was loaded from. */
  readonly roots: readonly string[];
  /** Whether the user may change metadata: administrators. */
  readonly mayDeploy: (userId: string) => boolean;
  readonly nameOf: (userId: string) => string;
}

/** Why a valid package is not taken over. */
const TAKEN_AT_START =
  'The package is valid, but this org takes its metadata at start: local-org --metadata DIR. ' +
  'Check packages against it with --dry-run.';

/** Answers are kept for clients that ask late; so many are enough. */
const MOST_KEPT = 100;

/** `deploy` and `checkDeployStatus` of the Metadata API. */
export function makeDeploys(parts: DeployParts): {
  deploy(body: SoapNode, session: Session): SoapValue;
  checkDeployStatus(body: SoapNode, session: Session): SoapValue;
} {
  const results = new Map<string, { readonly userId: string; readonly answer: Answer }>();
  let count = Math.floor(parts.clock.now() / 1000);
  return {
    deploy(body, session) {
      if (!parts.mayDeploy(session.userId)) {
        throw new SoapFault(
          'INSUFFICIENT_ACCESS',
          'use of the Metadata API requires a user with the Modify Metadata permission',
        );
      }
      count += 1;
      const id = makeId('0Af', count);
      results.set(id, {
        userId: session.userId,
        answer: judge(parts, id, body, session),
      });
      const oldest = results.keys().next();
      if (results.size > MOST_KEPT && oldest.done !== true) results.delete(oldest.value);
      return { done: false, id, state: 'Queued' };
    },
    checkDeployStatus(body, session) {
      const id = textAt(body, 'asyncProcessId') ?? '';
      const known = results.get(id);
      if (known?.userId !== session.userId)
        throw new SoapFault('INVALID_CROSS_REFERENCE_KEY', `No DeployResult found for id: ${id}`);
      const { details, ...rest } = known.answer;
      return textAt(body, 'includeDetails') === 'true' ? { ...rest, details } : rest;
    },
  };
}

type Answer = { readonly [name: string]: SoapValue };

const flag = z.enum(['true', 'false']).default('false');

function judge(parts: DeployParts, id: string, body: SoapNode, session: Session): Answer {
  const startedAt = parts.clock.now();
  const options = first(body, 'DeployOptions');
  const asked = (name: string): boolean => flag.parse(textAt(options, name)) === 'true';
  if (asked('purgeOnDelete') || asked('performRetrieve'))
    throw new SoapFault(
      'INVALID_OPERATION',
      'purgeOnDelete and performRetrieve are not implemented',
    );
  const content = readPackage(textAt(body, 'ZipFile') ?? '');
  const problems = [...content.problems, ...judgePackage(parts.roots, content.components)];
  const checkOnly = asked('checkOnly');
  // As a result of its own nobody would see the reason: clients print those of components.
  if (problems.length === 0 && !checkOnly) throw new SoapFault('INVALID_OPERATION', TAKEN_AT_START);
  const succeeded = problems.length === 0;
  const total = content.components.length;
  const time = (at: number): string => new Date(at).toISOString();
  return {
    checkOnly,
    completedDate: time(parts.clock.now()),
    createdBy: session.userId,
    createdByName: parts.nameOf(session.userId),
    createdDate: time(startedAt),
    details: detailsOf(content, problems, time(startedAt)),
    done: true,
    id,
    ignoreWarnings: asked('ignoreWarnings'),
    lastModifiedDate: time(parts.clock.now()),
    numberComponentErrors: problems.length,
    numberComponentsDeployed: succeeded ? total : 0,
    numberComponentsTotal: total,
    numberTestErrors: 0,
    numberTestsCompleted: 0,
    numberTestsTotal: 0,
    rollbackOnError: true,
    runTestsEnabled: false,
    startDate: time(startedAt),
    status: succeeded ? 'Succeeded' : 'Failed',
    success: succeeded,
  };
}

function readPackage(base64: string): PackageContent {
  let files: ReadonlyMap<string, Buffer>;
  try {
    files = readZip(Buffer.from(base64, 'base64'));
  } catch (error) {
    if (!(error instanceof ZipError)) throw error;
    throw new SoapFault('INVALID_OPERATION', `the package cannot be unpacked: ${error.message}`);
  }
  const manifest = files.get('package.xml');
  if (manifest === undefined)
    throw new SoapFault('INVALID_OPERATION', 'No package.xml found at the root of the package');
  const content = readComponents(files);
  return { ...content, problems: [...content.problems, ...missing(manifest, content)] };
}

/** What the manifest names and the package does not hold; `*` names nothing. */
function missing(manifest: Buffer, { components, problems }: PackageContent): PackageProblem[] {
  const xml = manifest.toString('utf8');
  const held = new Set([...components, ...problems].map((one) => `${one.type} ${one.fullName}`));
  return topLevelElements(xml).flatMap(({ name, inside, start }) => {
    if (name !== 'types') return [];
    const type = /<name>\s*([^<]*?)\s*<\/name>/.exec(inside)?.[1] ?? '';
    const members = [...inside.matchAll(/<members>\s*([^<]*?)\s*<\/members>/g)];
    return members.flatMap(([, member = '']): PackageProblem[] => {
      // An object whose fields are sent need not be there itself; nor are labels files of their own.
      const isHeld =
        member === '*' ||
        type === 'CustomLabel' ||
        held.has(`${type} ${member}`) ||
        (type === 'CustomObject' &&
          components.some((one) => one.fullName.startsWith(`${member}.`)));
      if (isHeld) return [];
      const problem =
        `An object '${member}' of type ${type} was named in package.xml, ` +
        'but was not found in zipped directory';
      return [
        { type, fullName: member, fileName: 'package.xml', problem, line: lineAt(xml, start) },
      ];
    });
  });
}

function detailsOf(
  { components }: PackageContent,
  problems: readonly PackageProblem[],
  createdDate: string,
): SoapValue {
  const shared = { changed: false, created: false, createdDate, deleted: false };
  return {
    componentFailures: problems.map(({ type, fullName, fileName, problem, line }) => ({
      ...shared,
      columnNumber: line === undefined ? undefined : 1,
      componentType: type,
      fileName,
      fullName,
      lineNumber: line,
      problem,
      problemType: 'Error',
      success: false,
    })),
    // A failed deploy changes nothing, so nothing succeeded.
    componentSuccesses: (problems.length === 0 ? components : []).map(
      ({ type, fullName, fileName }) => ({
        ...shared,
        changed: true,
        componentType: type,
        fileName,
        fullName,
        success: true,
      }),
    ),
    runTestResult: { numFailures: 0, numTestsRun: 0, totalTime: 0 },
  };
}
