/** @file Columns that several tables have. `../migrations` is made from this folder; ../../../README.md says how. */
import { customType, timestamp } from 'drizzle-orm/pg-core';

export const searchVector = customType<{ data: string }>({ dataType: () => 'tsvector' });
export const bytes = customType<{ data: Buffer; driverData: Uint8Array }>({
  dataType: () => 'bytea',
  fromDriver: (value) => Buffer.from(value.buffer, value.byteOffset, value.byteLength),
});
export const time = () => timestamp({ withTimezone: true, mode: 'date' }).notNull().defaultNow();
