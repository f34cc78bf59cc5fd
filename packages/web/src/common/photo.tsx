import type { ComponentProps } from 'react';

/** A photo on white, as those of products are; in the colour of the page until it is there. */
export function Photo({ className = '', alt, ...rest }: ComponentProps<'img'> & { readonly alt: string }) {
  return (
    <img
      {...rest}
      alt={alt}
      className={`photo ${className}`.trim()}
      onLoad={({ currentTarget }) => (currentTarget.dataset['loaded'] = '')}
    />
  );
}
