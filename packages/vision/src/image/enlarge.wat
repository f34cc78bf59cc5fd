;; Enlarging a picture by cubic interpolation: the two inner loops, eight or four values at a time. How they are used is in
;; enlarge.ts; `npm run build:wasm` makes enlarge.wasm of this, and a test proves that it did.
;;
;; A sum of four products is two "dot" instructions on pairs of 16-bit numbers: a pixel with its weight and its neighbour
;; with the neighbour's. Weights are fixed-point numbers of 12 bits behind the point.
(module
  (memory (export "memory") 1)

  ;; One row: uint8 pixels of three channels -> 16-bit sums, rounded.
  ;; `taps` has 12 bytes per pixel of the result: where its first of four pixels begins, in bytes from `row`; weights 0 and 1;
  ;; weights 2 and 3. Writes 2 bytes, and reads 4, beyond the last pixel.
  (func (export "row") (param $row i32) (param $into i32) (param $taps i32) (param $end i32)
    (local $pixels v128)
    (loop $next
      (local.set $pixels (v128.load (i32.add (local.get $row) (i32.load (local.get $taps)))))
      (v128.store64_lane 0 (local.get $into)
        (call $narrow
          (i32x4.add
            ;; Red, green and blue of pixels 0 and 1; byte 16 is the first of the second operand, which is zero.
            (i32x4.dot_i16x8_s
              (i8x16.shuffle 0 16 3 16 1 16 4 16 2 16 5 16 16 16 16 16
                (local.get $pixels) (v128.const i32x4 0 0 0 0))
              (v128.load32_splat offset=4 (local.get $taps)))
            ;; Of pixels 2 and 3.
            (i32x4.dot_i16x8_s
              (i8x16.shuffle 6 16 9 16 7 16 10 16 8 16 11 16 16 16 16 16
                (local.get $pixels) (v128.const i32x4 0 0 0 0))
              (v128.load32_splat offset=8 (local.get $taps))))
          (v128.const i32x4 0 0 0 0)))
      (local.set $into (i32.add (local.get $into) (i32.const 6)))
      (local.set $taps (i32.add (local.get $taps) (i32.const 12)))
      (br_if $next (i32.lt_u (local.get $taps) (local.get $end)))))

  ;; Four rows of 16-bit values -> one of uint8, rounded and cut off at 0 and 255; `end` is that of the first row.
  ;; Reads up to 14 bytes, and writes up to 7, beyond the last value.
  (func (export "column") (param $a i32) (param $b i32) (param $c i32) (param $d i32)
    (param $into i32) (param $end i32) (param $weights01 i32) (param $weights23 i32)
    (local $ab v128) (local $cd v128) (local $va v128) (local $vb v128) (local $vc v128) (local $vd v128)
    (local $both v128)
    (local.set $ab (i32x4.splat (local.get $weights01)))
    (local.set $cd (i32x4.splat (local.get $weights23)))
    (loop $next
      (local.set $va (v128.load (local.get $a)))
      (local.set $vb (v128.load (local.get $b)))
      (local.set $vc (v128.load (local.get $c)))
      (local.set $vd (v128.load (local.get $d)))
      (local.set $both
        (call $narrow
          (i32x4.add
            (i32x4.dot_i16x8_s
              (i8x16.shuffle 0 1 16 17 2 3 18 19 4 5 20 21 6 7 22 23 (local.get $va) (local.get $vb))
              (local.get $ab))
            (i32x4.dot_i16x8_s
              (i8x16.shuffle 0 1 16 17 2 3 18 19 4 5 20 21 6 7 22 23 (local.get $vc) (local.get $vd))
              (local.get $cd)))
          (i32x4.add
            (i32x4.dot_i16x8_s
              (i8x16.shuffle 8 9 24 25 10 11 26 27 12 13 28 29 14 15 30 31 (local.get $va) (local.get $vb))
              (local.get $ab))
            (i32x4.dot_i16x8_s
              (i8x16.shuffle 8 9 24 25 10 11 26 27 12 13 28 29 14 15 30 31 (local.get $vc) (local.get $vd))
              (local.get $cd)))))
      (v128.store64_lane 0 (local.get $into) (i8x16.narrow_i16x8_u (local.get $both) (local.get $both)))
      (local.set $into (i32.add (local.get $into) (i32.const 8)))
      (local.set $a (i32.add (local.get $a) (i32.const 16)))
      (local.set $b (i32.add (local.get $b) (i32.const 16)))
      (local.set $c (i32.add (local.get $c) (i32.const 16)))
      (local.set $d (i32.add (local.get $d) (i32.const 16)))
      (br_if $next (i32.lt_u (local.get $a) (local.get $end)))))

  ;; Two sums of four, with 12 bits behind the point -> eight rounded 16-bit numbers.
  (func $narrow (param $low v128) (param $high v128) (result v128)
    (i16x8.narrow_i32x4_s
      (i32x4.shr_s (i32x4.add (local.get $low) (v128.const i32x4 2048 2048 2048 2048)) (i32.const 12))
      (i32x4.shr_s (i32x4.add (local.get $high) (v128.const i32x4 2048 2048 2048 2048)) (i32.const 12)))))
