/** @file Photos that were given, with what the model reads from each. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { readPhoto, type Reading } from '../../api/predictions.ts';

export interface PhotoReading {
  readonly id: number;
  readonly file: File;
  /** Of the photo itself, for this page alone. */
  readonly address: string;
  readonly reading?: Reading;
  readonly error?: unknown;
}

/** Requests at a time: the server answers those that come together as one batch. */
const TOGETHER = 4;

export function useReadings() {
  const [photos, setPhotos] = useState<readonly PhotoReading[]>([]);
  const queue = useRef<PhotoReading[]>([]);
  const [running, next] = [useRef(0), useRef(0)];
  const shown = useRef(photos);
  useEffect(() => {
    shown.current = photos;
  }, [photos]);
  useEffect(() => () => shown.current.forEach(({ address }) => URL.revokeObjectURL(address)), []);

  const work = useCallback(async (): Promise<void> => {
    if (running.current >= TOGETHER) return;
    running.current += 1;
    for (let photo = queue.current.shift(); photo !== undefined; photo = queue.current.shift()) {
      const { id, file } = photo;
      const outcome = await readPhoto(file).then(
        (reading) => ({ reading }),
        (error: unknown) => ({ error }),
      );
      setPhotos((all) => all.map((one) => (one.id === id ? { ...one, ...outcome } : one)));
    }
    running.current -= 1;
  }, [running]);

  const add = useCallback(
    (files: readonly File[]): void => {
      const given = files.map((file) => ({ id: next.current++, file, address: URL.createObjectURL(file) }));
      setPhotos((all) => [...given, ...all]);
      queue.current.push(...given);
      given.slice(0, TOGETHER).forEach(() => void work());
    },
    [next, work],
  );
  const remove = useCallback((ids: readonly number[]): void => {
    queue.current = queue.current.filter(({ id }) => !ids.includes(id));
    setPhotos((all) => all.filter(({ id }) => !ids.includes(id)));
  }, []);
  return { photos, add, remove };
}
