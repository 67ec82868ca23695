import { makeDeploys } from './deploys.ts';
import type { DeployParts } from './deploys.ts';
import type { SoapValue } from './envelope.ts';
import { METADATA_TYPES } from './metadataTypes.ts';
import type { SoapApi } from './routes.ts';

/** How each operation of the Metadata API is supported, for SUPPORT.md. */
export const METADATA_API_SUPPORT: Readonly<Record<string, string>> = {
  deploy:
    'the package is judged by the code that loads the org: `checkOnly` succeeds or tells each problem with file and ' +
    'line; without it a valid package is refused too, for this org takes its metadata at start',
  checkDeployStatus: 'supported; a deploy is done when it is asked for',
  describeMetadata: 'the kinds of metadata that a package may hold',
};

/** The Metadata API: packages are judged, never taken over. */
export function metadataApi(parts: DeployParts): SoapApi {
  const deploys = makeDeploys(parts);
  return {
    letter: 'm',
    name: 'Metadata API',
    namespace: 'http://soap.sforce.com/2006/04/metadata',
    operations: {
      deploy: (body, session) => deploys.deploy(body, session),
      checkDeployStatus: (body, session) => deploys.checkDeployStatus(body, session),
      describeMetadata,
    },
  };
}

function describeMetadata(): SoapValue {
  return {
    metadataObjects: METADATA_TYPES.map(
      ({ xmlName, directoryName, suffix, children, isBundle }) => ({
        childXmlNames: Object.values(children ?? {}).map((child) => child.xmlName),
        directoryName,
        inFolder: false,
        metaFile: false,
        suffix: isBundle === true ? undefined : suffix,
        xmlName,
      }),
    ),
    organizationNamespace: '',
    partialSaveAllowed: false,
    testRequired: false,
  };
}
