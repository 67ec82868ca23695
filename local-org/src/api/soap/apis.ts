import type { SoapApi } from './routes.ts';

/** The partner API: clients with a user name and a password try `login` here, and are refused by name. */
export const partnerApi: SoapApi = {
  letter: 'u',
  name: 'SOAP API (partner)',
  namespace: 'urn:fault.partner.soap.sforce.com',
  operations: {},
};

/** The enterprise API, refused likewise. */
export const enterpriseApi: SoapApi = {
  letter: 'c',
  name: 'SOAP API (enterprise)',
  namespace: 'urn:fault.enterprise.soap.sforce.com',
  operations: {},
};
