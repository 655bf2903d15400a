import pg from 'pg';

const INT8 = 20;

/**
 * Reads bigint columns as numbers (pg gives text): ids, byte counts and milliseconds stay far below 2^53.
 * Handed to each connection, because changing pg's own table would change it for everybody in the process.
 */
export const numberTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8 && format !== 'binary'
      ? Number
      : (pg.types.getTypeParser(oid, format as 'text') as (
          text: string,
        ) => unknown)) as pg.CustomTypesConfig['getTypeParser'],
};
