import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Where Salesforce's own tools keep what they know of orgs: a folder of the test, nobody's home. What they would tell
 * Salesforce or fetch from it is switched off.
 */
export async function salesforceEnvironment(
  folder: string,
): Promise<Readonly<Record<string, string>>> {
  const home = join(folder, 'home');
  await mkdir(home, { recursive: true });
  return {
    HOME: home,
    USERPROFILE: home,
    SF_DATA_DIR: join(home, 'data'),
    SF_CACHE_DIR: join(home, 'cache'),
    SF_CONFIG_DIR: join(home, 'config'),
    SF_USE_GENERIC_UNIX_KEYCHAIN: 'true',
    SF_DISABLE_TELEMETRY: 'true',
    SF_TELEMETRY_DISABLE_TELEMETRY: 'true',
    SF_DISABLE_LOG_FILE: 'true',
    SF_AUTOUPDATE_DISABLE: 'true',
    SF_DISABLE_AUTOUPDATE: 'true',
    SF_SKIP_NEW_VERSION_CHECK: 'true',
    NO_COLOR: '1',
    CI: 'true',
  };
}
