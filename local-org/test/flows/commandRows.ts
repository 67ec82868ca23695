import type { RecordData, SaveOutcome } from '../../src/store/records.ts';
import { makePackageOrg, type PackageOrg } from './packageOrg.ts';

/** An org with a command type for pumps, a pump that understands it, and people who may send and approve. */
export interface CommandOrg extends PackageOrg {
  readonly type: string;
  readonly sender: string;
  readonly approver: string;
  /** Somebody who may both send and approve. */
  readonly chief: string;
  readonly integration: string;
  /** Makes a command; left out, as the sender, with a value in range. */
  make(values?: RecordData, as?: string): Promise<SaveOutcome>;
  /** A command that was made, with what a test says of it. */
  made(values?: RecordData, as?: string): Promise<string>;
  /** Tries a change; the message and field of the refusal, undefined when it was taken. */
  change(id: string, changes: RecordData, as: string): Promise<Refusal | undefined>;
}

export interface Refusal {
  readonly field: string | undefined;
  readonly message: string;
}

/** Why a save was refused, in the words a person reads. */
export function refusalOf(outcome: SaveOutcome | undefined): Refusal | undefined {
  if (outcome === undefined || outcome.ok) return undefined;
  const [error] = outcome.errors;
  return { field: error?.fields[0], message: error?.message ?? '' };
}

/** @param changes of the command type */
export async function makeCommandOrg(
  changes: RecordData = {},
  ...rest: Parameters<typeof makePackageOrg>
): Promise<CommandOrg> {
  const org = await makePackageOrg(...rest);
  await org.update('Signal_Device__c', org.ids.device, { Device_Type__c: 'pump' });
  const type = org.insert('Signal_Command_Type__c', {
    Name: 'Set speed',
    Command_Key__c: 'set-speed',
    Device_Type__c: 'pump',
    Takes_Value__c: true,
    Minimum__c: 10,
    Maximum__c: 20.5,
    Unit__c: 'Hz',
    ...changes,
  });
  const user = (...permissionSets: string[]): string => org.userId({ permissionSets });
  const sender = user('Signal_Command_Sender');
  const make: CommandOrg['make'] = async (values = {}, as = sender) => {
    const row = { Command_Type__c: type, Device__c: org.ids.device, Value__c: 15, ...values };
    const [outcome] = await org.saveAll('insert', 'Signal_Command__c', [row], as);
    if (outcome === undefined) throw new Error('no outcome');
    return outcome;
  };
  return Object.assign(org, {
    type,
    sender,
    approver: user('Signal_Command_Approver'),
    chief: user('Signal_Command_Sender', 'Signal_Command_Approver'),
    integration: user('Signal_Bridge'),
    make,
    made: async (values: RecordData = {}, as?: string) => {
      const outcome = await make(values, as);
      if (outcome.ok) return outcome.id;
      throw new Error(JSON.stringify(outcome.errors));
    },
    change: async (id: string, change: RecordData, as: string) => {
      const rows = [{ ...change, Id: id }];
      return refusalOf((await org.saveAll('update', 'Signal_Command__c', rows, as))[0]);
    },
  });
}
