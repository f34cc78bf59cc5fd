;; Inner products of one vector with many, eight 8-bit numbers at a time. How they are used is in vectors.ts;
;; `npm run build:wasm` makes vectors.wasm of this, and a test proves that it did.
(module
  (memory (export "memory") 1)

  ;; `query`: 16-bit numbers; vectors from `vector` up to `end`: 8-bit numbers, `width` each, a multiple of 16.
  ;; Writes one 32-bit sum a vector from `into` on.
  (func (export "products") (param $query i32) (param $vector i32) (param $end i32) (param $width i32) (param $into i32)
    (local $asked i32) (local $stop i32) (local $even v128) (local $odd v128)
    (loop $next_vector
      (local.set $asked (local.get $query))
      (local.set $stop (i32.add (local.get $vector) (local.get $width)))
      (local.set $even (v128.const i32x4 0 0 0 0))
      (local.set $odd (v128.const i32x4 0 0 0 0))
      (loop $next
        (local.set $even
          (i32x4.add (local.get $even)
            (i32x4.dot_i16x8_s (v128.load (local.get $asked)) (v128.load8x8_s (local.get $vector)))))
        (local.set $odd
          (i32x4.add (local.get $odd)
            (i32x4.dot_i16x8_s (v128.load offset=16 (local.get $asked)) (v128.load8x8_s offset=8 (local.get $vector)))))
        (local.set $asked (i32.add (local.get $asked) (i32.const 32)))
        (local.set $vector (i32.add (local.get $vector) (i32.const 16)))
        (br_if $next (i32.lt_u (local.get $vector) (local.get $stop))))
      (local.set $even (i32x4.add (local.get $even) (local.get $odd)))
      (i32.store (local.get $into)
        (i32.add
          (i32.add (i32x4.extract_lane 0 (local.get $even)) (i32x4.extract_lane 1 (local.get $even)))
          (i32.add (i32x4.extract_lane 2 (local.get $even)) (i32x4.extract_lane 3 (local.get $even)))))
      (local.set $into (i32.add (local.get $into) (i32.const 4)))
      (br_if $next_vector (i32.lt_u (local.get $vector) (local.get $end)))))
)
