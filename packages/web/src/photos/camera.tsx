/** @file A photo from the camera of this machine; the picture never leaves the page before it is taken. */
import { Alert, Button, Modal, Stack, Text } from '@mantine/core';
import { CameraIcon } from '@radix-ui/react-icons';
import { useEffect, useRef, useState } from 'react';
import { useMessages } from '../i18n/language.tsx';
import { photoMessages } from './messages.ts';

interface CameraProps {
  readonly onPhoto: (photo: File) => void;
  readonly onClose: () => void;
}

export function Camera({ onPhoto, onClose }: CameraProps) {
  const t = useMessages(photoMessages);
  const video = useRef<HTMLVideoElement>(null);
  const [refused, setRefused] = useState(false);
  useEffect(() => {
    let stream: MediaStream | undefined;
    let gone = false;
    const open = async (): Promise<void> => {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
      if (gone) stop(stream);
      else if (video.current !== null) video.current.srcObject = stream;
    };
    open().catch(() => setRefused(true));
    return () => {
      gone = true;
      if (stream !== undefined) stop(stream);
    };
  }, []);
  const shoot = async (): Promise<void> => {
    if (video.current !== null) onPhoto(await frameOf(video.current));
  };
  return (
    <Modal opened onClose={onClose} title={t('cameraTitle')} size="lg">
      {refused ? (
        <Alert color="yellow" title={t('cameraRefused')}>
          {t('cameraRemedy')}
        </Alert>
      ) : (
        <Stack>
          <Text c="dimmed" size="sm">
            {t('cameraText')}
          </Text>
          <video
            ref={video}
            autoPlay
            playsInline
            muted
            style={{ width: '100%', borderRadius: 8, background: 'black' }}
          />
          <Button leftSection={<CameraIcon />} onClick={() => void shoot()} data-autofocus>
            {t('shoot')}
          </Button>
        </Stack>
      )}
    </Modal>
  );
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

async function frameOf(video: HTMLVideoElement): Promise<File> {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  canvas.getContext('2d')!.drawImage(video, 0, 0);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.92));
  return new File([blob!], `camera-${new Date().toISOString().slice(0, 19).replaceAll(':', '.')}.jpg`);
}
