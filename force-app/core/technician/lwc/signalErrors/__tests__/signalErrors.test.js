import { isNoAccess, missingFields, reduceError } from 'c/signalErrors';

const uiApi = (status, errorCode, message) => ({ status, body: [{ errorCode, message }] });

describe('isNoAccess', () => {
  it.each([
    ['a record one may not read', uiApi(403, 'INSUFFICIENT_ACCESS', 'no')],
    ['a record that is not there, which must look the same', uiApi(404, 'NOT_FOUND', 'no')],
    [
      'a lookup to what one may not read',
      uiApi(400, 'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY', 'no'),
    ],
    ['a body that is no list', { body: { errorCode: 'INSUFFICIENT_ACCESS' } }],
    [
      'details of a refused save',
      {
        body: {
          output: { errors: [{ errorCode: 'INSUFFICIENT_ACCESS_OR_READONLY' }], fieldErrors: {} },
        },
      },
    ],
    [
      'a query that names what one may not read',
      [{ message: 'x', extensions: { ErrorType: 'ValidationError' } }],
    ],
  ])('is true for %s', (_, error) => {
    expect(isNoAccess(error)).toBe(true);
  });

  it.each([
    ['a busy server', uiApi(503, 'SERVER_UNAVAILABLE', 'busy')],
    ['a lost connection', new TypeError('fetch failed')],
    [
      'a query that failed while it ran',
      [{ message: 'x', extensions: { ErrorType: 'DataFetchingException' } }],
    ],
    ['nothing', undefined],
  ])('is false for %s', (_, error) => {
    expect(isNoAccess(error)).toBe(false);
  });
});

describe('reduceError', () => {
  it.each([
    ['UI API', uiApi(500, 'X', 'Broken.'), 'Broken.'],
    ['GraphQL', [{ message: 'One.' }, { message: 'Two.' }, { message: 'One.' }], 'One. Two.'],
    ['JavaScript', new Error('Oops.'), 'Oops.'],
    ['text', 'Just text.', 'Just text.'],
    [
      'a refused save',
      {
        body: {
          message: 'Refused',
          output: { errors: [], fieldErrors: { A__c: [{ message: 'Bad A.' }] } },
        },
      },
      'Bad A.',
    ],
    ['nothing', undefined, 'c.Signal_Error_Unknown'],
  ])('puts an error of %s into words', (_, error, words) => {
    expect(reduceError(error)).toBe(words);
  });
});

it('names the fields that object info does not hold', () => {
  expect(missingFields({ fields: { A__c: {} } }, ['A__c', 'B__c'])).toEqual(['B__c']);
});
