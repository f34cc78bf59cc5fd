;; Enlarging a picture by cubic interpolation, eight or four values at a time: first along the rows, then along the columns.
;; How they are used is in enlarge.ts; `npm run build:wasm` makes enlarge.wasm of this, and a test proves that it did.
;;
;; A sum of four products is two "dot" instructions on pairs of 16-bit numbers: a pixel with its weight and its neighbour
;; with the neighbour's. Weights are fixed-point numbers of 12 bits behind the point.
;;
;; `taps` has 12 bytes per pixel of the result along the row, or per row of it: where the first of its four pixels (rows)
;; begins, in bytes from where pixels (rows) begin; weights 0 and 1; weights 2 and 3.
(module
  (memory (export "memory") 1)

  ;; uint8 pixels of three channels, rows of `length` bytes -> rows of 16-bit sums, rounded, `stride` bytes apart.
  ;; A row is copied to `line`, where its first and last pixel stand twice more. Two pixels of the result at a time: a last
  ;; one without another has an entry after it. Reads up to 7 bytes beyond the line, writes up to 8 beyond a row.
  (func (export "across") (param $picture i32) (param $end i32) (param $length i32) (param $line i32)
    (param $into i32) (param $stride i32) (param $taps i32) (param $taps_end i32)
    (local $after i32) (local $pixel i32) (local $tap i32) (local $target i32)
    (local $here v128) (local $there v128)
    ;; Red, green and blue of a pixel beside those of the next as 16-bit numbers: bytes from 128 on become zero.
    (local.set $after (i32.add (local.get $line) (i32.add (local.get $length) (i32.const 6))))
    (loop $next_row
      ;; Of four bytes the fourth is written over by what comes next, or lies beyond the line.
      (local.set $pixel (i32.load (local.get $picture)))
      (i32.store (local.get $line) (local.get $pixel))
      (i32.store offset=3 (local.get $line) (local.get $pixel))
      (memory.copy (i32.add (local.get $line) (i32.const 6)) (local.get $picture) (local.get $length))
      (local.set $pixel (i32.load (i32.sub (local.get $after) (i32.const 3))))
      (i32.store (local.get $after) (local.get $pixel))
      (i32.store offset=3 (local.get $after) (local.get $pixel))

      (local.set $tap (local.get $taps))
      (local.set $target (local.get $into))
      (loop $next
        (local.set $here (v128.load (i32.add (local.get $line) (i32.load (local.get $tap)))))
        (local.set $there (v128.load (i32.add (local.get $line) (i32.load offset=12 (local.get $tap)))))
        (local.set $here
          (i16x8.narrow_i32x4_s
            (i32x4.shr_s
              (i32x4.add
                (i32x4.add
                  (i32x4.dot_i16x8_s
                    (i8x16.swizzle (local.get $here)
                      (v128.const i8x16 0 128 3 128 1 128 4 128 2 128 5 128 128 128 128 128))
                    (v128.load32_splat offset=4 (local.get $tap)))
                  (i32x4.dot_i16x8_s
                    (i8x16.swizzle (local.get $here)
                      (v128.const i8x16 6 128 9 128 7 128 10 128 8 128 11 128 128 128 128 128))
                    (v128.load32_splat offset=8 (local.get $tap))))
                (v128.const i32x4 2048 2048 2048 2048))
              (i32.const 12))
            (i32x4.shr_s
              (i32x4.add
                (i32x4.add
                  (i32x4.dot_i16x8_s
                    (i8x16.swizzle (local.get $there)
                      (v128.const i8x16 0 128 3 128 1 128 4 128 2 128 5 128 128 128 128 128))
                    (v128.load32_splat offset=16 (local.get $tap)))
                  (i32x4.dot_i16x8_s
                    (i8x16.swizzle (local.get $there)
                      (v128.const i8x16 6 128 9 128 7 128 10 128 8 128 11 128 128 128 128 128))
                    (v128.load32_splat offset=20 (local.get $tap))))
                (v128.const i32x4 2048 2048 2048 2048))
              (i32.const 12))))
        (v128.store64_lane 0 (local.get $target) (local.get $here))
        (v128.store64_lane offset=6 1 (local.get $target) (local.get $here))
        (local.set $target (i32.add (local.get $target) (i32.const 12)))
        (local.set $tap (i32.add (local.get $tap) (i32.const 24)))
        (br_if $next (i32.lt_u (local.get $tap) (local.get $taps_end))))

      (local.set $into (i32.add (local.get $into) (local.get $stride)))
      (local.set $picture (i32.add (local.get $picture) (local.get $length)))
      (br_if $next_row (i32.lt_u (local.get $picture) (local.get $end)))))

  ;; Rows of 16-bit values, `stride` bytes apart -> rows of `length` bytes, rounded and cut off at 0 and 255.
  ;; Reads up to 14 bytes beyond a row, writes up to 7 beyond one.
  (func (export "down") (param $rows i32) (param $stride i32) (param $into i32) (param $length i32)
    (param $taps i32) (param $taps_end i32)
    (local $a i32) (local $b i32) (local $c i32) (local $d i32) (local $target i32) (local $end i32)
    (local $ab v128) (local $cd v128) (local $va v128) (local $vb v128) (local $vc v128) (local $vd v128)
    (loop $next_row
      (local.set $a (i32.add (local.get $rows) (i32.load (local.get $taps))))
      (local.set $b (i32.add (local.get $a) (local.get $stride)))
      (local.set $c (i32.add (local.get $b) (local.get $stride)))
      (local.set $d (i32.add (local.get $c) (local.get $stride)))
      (local.set $ab (v128.load32_splat offset=4 (local.get $taps)))
      (local.set $cd (v128.load32_splat offset=8 (local.get $taps)))
      (local.set $target (local.get $into))
      (local.set $end (i32.add (local.get $into) (local.get $length)))
      (loop $next
        (local.set $va (v128.load (local.get $a)))
        (local.set $vb (v128.load (local.get $b)))
        (local.set $vc (v128.load (local.get $c)))
        (local.set $vd (v128.load (local.get $d)))
        (local.set $va
          (i16x8.narrow_i32x4_s
            (i32x4.shr_s
              (i32x4.add
                (i32x4.add
                  (i32x4.dot_i16x8_s
                    (i8x16.shuffle 0 1 16 17 2 3 18 19 4 5 20 21 6 7 22 23 (local.get $va) (local.get $vb))
                    (local.get $ab))
                  (i32x4.dot_i16x8_s
                    (i8x16.shuffle 0 1 16 17 2 3 18 19 4 5 20 21 6 7 22 23 (local.get $vc) (local.get $vd))
                    (local.get $cd)))
                (v128.const i32x4 2048 2048 2048 2048))
              (i32.const 12))
            (i32x4.shr_s
              (i32x4.add
                (i32x4.add
                  (i32x4.dot_i16x8_s
                    (i8x16.shuffle 8 9 24 25 10 11 26 27 12 13 28 29 14 15 30 31 (local.get $va) (local.get $vb))
                    (local.get $ab))
                  (i32x4.dot_i16x8_s
                    (i8x16.shuffle 8 9 24 25 10 11 26 27 12 13 28 29 14 15 30 31 (local.get $vc) (local.get $vd))
                    (local.get $cd)))
                (v128.const i32x4 2048 2048 2048 2048))
              (i32.const 12))))
        (v128.store64_lane 0 (local.get $target) (i8x16.narrow_i16x8_u (local.get $va) (local.get $va)))
        (local.set $target (i32.add (local.get $target) (i32.const 8)))
        (local.set $a (i32.add (local.get $a) (i32.const 16)))
        (local.set $b (i32.add (local.get $b) (i32.const 16)))
        (local.set $c (i32.add (local.get $c) (i32.const 16)))
        (local.set $d (i32.add (local.get $d) (i32.const 16)))
        (br_if $next (i32.lt_u (local.get $target) (local.get $end))))

      (local.set $into (local.get $end))
      (local.set $taps (i32.add (local.get $taps) (i32.const 12)))
      (br_if $next_row (i32.lt_u (local.get $taps) (local.get $taps_end))))))
