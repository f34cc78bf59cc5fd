/**
 * The one table of errors. The command line, the library and the HTTP server report failures through it, so that
 * a code means the same everywhere. `exitCode` 1: the work failed; 2: the command or request was wrong.
 */
export interface ErrorDefinition {
  /** What the code means, one sentence, for the reference page. */
  readonly meaning: string;
  /** What to do about it when the place that throws knows nothing better. */
  readonly remedy: string;
  readonly exitCode: 1 | 2;
  /** HTTP status of the same failure. */
  readonly status: number;
}

const define = (exitCode: 1 | 2, status: number, meaning: string, remedy: string): ErrorDefinition => ({
  meaning,
  remedy,
  exitCode,
  status,
});

export const errorTable = {
  USAGE: define(2, 400, 'The command or request was wrong.', 'Run the command with --help to see what it takes.'),
  CONFIG_INVALID: define(2, 422, 'A setting has a value that is not allowed.', 'Correct the setting named above.'),
  DATA_NOT_FOUND: define(2, 404, 'The data set was not found.', 'Point --data at a folder, a zip or a CSV file.'),
  DATA_INVALID: define(1, 422, 'The data set has problems.', 'Correct the rows named above, or pass --skip-bad.'),
  SCHEMA_INVALID: define(2, 422, 'The attribute schema is not valid.', 'Correct the schema file named above.'),
  IMAGE_UNREADABLE: define(1, 422, 'An image cannot be decoded.', 'Replace or re-save the image.'),
  IMAGE_TOO_LARGE: define(1, 413, 'An image has more pixels than the limit.', 'Scale the image down first.'),
  ARCHIVE_INVALID: define(1, 422, 'A zip archive is damaged or unsafe.', 'Make the archive anew.'),
  MODEL_INVALID: define(1, 422, 'A model file is not one of ours, too new, or damaged.', 'Train or export it again.'),
  MODEL_NOT_FOUND: define(2, 404, 'The model was not found.', 'Give the path of a model.onnx or of a run folder.'),
  WEIGHTS_INVALID: define(1, 422, 'A weights file does not fit the architecture.', 'Check --model and --weights.'),
  WEIGHTS_UNAVAILABLE: define(1, 404, 'A weights file is not there.', 'Give the path of a file, or pull one by name.'),
  DEVICE_UNAVAILABLE: define(2, 422, 'The device is not offered here.', 'Use --device cpu.'),
  TRAINING_DIVERGED: define(1, 500, 'The loss is no longer a finite number.', 'Lower --lr, or clip the gradient.'),
  RESUME_IMPOSSIBLE: define(2, 409, 'The run cannot be resumed.', 'Start a new run.'),
  OUTPUT_UNWRITABLE: define(1, 507, 'An output cannot be written.', 'Check permissions and free space.'),
  DATABASE_UNAVAILABLE: define(
    1,
    503,
    'The database cannot be opened.',
    'Check the address, or the folder, and that nothing else has it open.',
  ),
  STORAGE_UNAVAILABLE: define(
    1,
    503,
    'The object storage does not answer, or refuses.',
    'Check the address of --storage, its credentials and its server; nothing is lost, and work that waits goes on.',
  ),
  OBJECT_DAMAGED: define(
    1,
    500,
    'A file of the storage is not what its name says.',
    'Restore it from a backup, and check the disk that it lies on.',
  ),
  DATABASE_NEWER: define(
    2,
    409,
    'The database belongs to a later version of busana.',
    'Use that version, or restore a backup of before: tables are only changed forwards.',
  ),
  DATABASE_NOT_EMPTY: define(
    2,
    409,
    'The database has something in it already.',
    'Name an empty database, e.g. a new folder, or one made by createdb.',
  ),
  BACKUP_INVALID: define(
    1,
    422,
    'A backup is not whole, not one of ours, or damaged.',
    'Use another backup; busana restore FILE --verify proves one without writing anything.',
  ),
  PRODUCT_NOT_FOUND: define(2, 404, 'There is no such product.', 'Reload the list: it may have been removed.'),
  PHOTO_NOT_FOUND: define(2, 404, 'There is no such photo.', 'Reload the list: it may have been removed.'),
  IMPORT_NOT_FOUND: define(2, 404, 'There is no such import.', 'Use the id that the import was answered with.'),
  TRAINING_NOT_FOUND: define(2, 404, 'There is no such training.', 'Use the id that the training was answered with.'),
  JOB_NOT_FOUND: define(
    2,
    404,
    'There is no such job.',
    'Reload the list: somebody may have tried it again or let it go.',
  ),
  TOKEN_NOT_FOUND: define(2, 404, 'There is no such token.', 'List the tokens: it may have been revoked.'),
  UNAUTHENTICATED: define(
    2,
    401,
    'The server wants to know who is asking.',
    'Send a token: Authorization: Bearer …; busana token create makes one.',
  ),
  FORBIDDEN: define(
    2,
    403,
    'The request is not allowed.',
    'Send it from a page of this server, with a token that may do it.',
  ),
  ROUTE_NOT_FOUND: define(2, 404, 'There is nothing at this address.', 'See /api/v1/openapi.json for what there is.'),
  UPLOAD_TOO_LARGE: define(2, 413, 'The request is larger than allowed.', 'Send less at once.'),
  MEDIA_TYPE_UNSUPPORTED: define(
    2,
    415,
    'The request has a form that is not taken here.',
    'Send JSON, or a form with files.',
  ),
  TOO_MANY_REQUESTS: define(2, 429, 'There were too many requests.', 'Wait as long as Retry-After says.'),
  OVERLOADED: define(1, 503, 'The server has more to do than it can.', 'Wait as long as Retry-After says.'),
  INTERRUPTED: define(1, 499, 'The work was interrupted.', 'Run the same command with --resume to go on.'),
  INTERNAL: define(1, 500, 'Something failed that should not.', 'Run again with --debug and report what it prints.'),
} as const satisfies Record<string, ErrorDefinition>;

export type ErrorCode = keyof typeof errorTable;

/** One finding of a check that lists everything at once, e.g. all bad rows of a CSV. */
export interface Problem {
  /** File the problem is in, as the user named it. */
  readonly file: string;
  /** Row in the file, 1 = the first line, when the problem has one. */
  readonly row?: number;
  readonly message: string;
}

/** A failure with a code from {@link errorTable}, a sentence that says what happened and a remedy. */
export class BusanaError extends Error {
  override readonly name = 'BusanaError';
  readonly code: ErrorCode;
  readonly remedy: string;
  readonly problems: readonly Problem[];

  constructor(
    code: ErrorCode,
    message: string,
    options: { remedy?: string; problems?: readonly Problem[]; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.remedy = options.remedy ?? errorTable[code].remedy;
    this.problems = options.problems ?? [];
  }
}
