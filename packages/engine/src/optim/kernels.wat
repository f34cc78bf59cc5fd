;; The loops of the optimizers, four float32 at a time. How they are used is in kernels.ts; `npm run build:wasm` makes
;; kernels.wasm of this, and a test proves that it did. Every loop goes from its first pointer to `end`, in bytes; the
;; numbers begin at multiples of 16 bytes, and what lies between their end and the next multiple may be written.
(module
  (memory (export "memory") 1)

  ;; u = u by
  (func (export "scale") (param $u i32) (param $end i32) (param $by f32)
    (local $factor v128)
    (local.set $factor (f32x4.splat (local.get $by)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $u) (local.get $end)))
        (v128.store (local.get $u) (f32x4.mul (v128.load (local.get $u)) (local.get $factor)))
        (local.set $u (i32.add (local.get $u) (i32.const 16)))
        (br $next))))

  ;; u = u + x by
  (func (export "add") (param $u i32) (param $end i32) (param $x i32) (param $by f32)
    (local $factor v128)
    (local.set $factor (f32x4.splat (local.get $by)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $u) (local.get $end)))
        (v128.store (local.get $u)
          (f32x4.add (v128.load (local.get $u)) (f32x4.mul (v128.load (local.get $x)) (local.get $factor))))
        (local.set $u (i32.add (local.get $u) (i32.const 16)))
        (local.set $x (i32.add (local.get $x) (i32.const 16)))
        (br $next))))

  ;; u = u kept + x fresh
  (func (export "average") (param $u i32) (param $end i32) (param $x i32) (param $kept f32) (param $fresh f32)
    (local $old v128) (local $new v128)
    (local.set $old (f32x4.splat (local.get $kept)))
    (local.set $new (f32x4.splat (local.get $fresh)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $u) (local.get $end)))
        (v128.store (local.get $u)
          (f32x4.add
            (f32x4.mul (v128.load (local.get $u)) (local.get $old))
            (f32x4.mul (v128.load (local.get $x)) (local.get $new))))
        (local.set $u (i32.add (local.get $u) (i32.const 16)))
        (local.set $x (i32.add (local.get $x) (i32.const 16)))
        (br $next))))

  ;; b = b momentum + u; u = b, or in Nesterov's form u = u + b momentum
  (func (export "trace") (param $u i32) (param $end i32) (param $b i32) (param $momentum f32) (param $ahead i32)
    (local $factor v128) (local $buffer v128)
    (local.set $factor (f32x4.splat (local.get $momentum)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $u) (local.get $end)))
        (local.set $buffer
          (f32x4.add (f32x4.mul (v128.load (local.get $b)) (local.get $factor)) (v128.load (local.get $u))))
        (v128.store (local.get $b) (local.get $buffer))
        (if (local.get $ahead)
          (then
            (local.set $buffer
              (f32x4.add (v128.load (local.get $u)) (f32x4.mul (local.get $buffer) (local.get $factor))))))
        (v128.store (local.get $u) (local.get $buffer))
        (local.set $u (i32.add (local.get $u) (i32.const 16)))
        (local.set $b (i32.add (local.get $b) (i32.const 16)))
        (br $next))))

  ;; m = beta1 m + rest1 u; v = beta2 v + rest2 u^2; u = m / ((sqrt(v) / root2 + epsilon) correction1)
  (func (export "adam") (param $u i32) (param $end i32) (param $m i32) (param $v i32)
    (param $beta1 f32) (param $rest1 f32) (param $beta2 f32) (param $rest2 f32)
    (param $correction1 f32) (param $root2 f32) (param $epsilon f32)
    (local $first v128) (local $second v128) (local $update v128)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $u) (local.get $end)))
        (local.set $update (v128.load (local.get $u)))
        (local.set $first
          (f32x4.add
            (f32x4.mul (v128.load (local.get $m)) (f32x4.splat (local.get $beta1)))
            (f32x4.mul (local.get $update) (f32x4.splat (local.get $rest1)))))
        (local.set $second
          (f32x4.add
            (f32x4.mul (v128.load (local.get $v)) (f32x4.splat (local.get $beta2)))
            (f32x4.mul (f32x4.mul (local.get $update) (local.get $update)) (f32x4.splat (local.get $rest2)))))
        (v128.store (local.get $m) (local.get $first))
        (v128.store (local.get $v) (local.get $second))
        (v128.store (local.get $u)
          (f32x4.div (local.get $first)
            (f32x4.mul
              (f32x4.add
                (f32x4.div (f32x4.sqrt (local.get $second)) (f32x4.splat (local.get $root2)))
                (f32x4.splat (local.get $epsilon)))
              (f32x4.splat (local.get $correction1)))))
        (local.set $u (i32.add (local.get $u) (i32.const 16)))
        (local.set $m (i32.add (local.get $m) (i32.const 16)))
        (local.set $v (i32.add (local.get $v) (i32.const 16)))
        (br $next))))

  ;; the sum of u^2, added up in float64
  (func (export "sumOfSquares") (param $u i32) (param $end i32) (result f64)
    (local $sums v128) (local $numbers v128) (local $doubles v128)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $u) (local.get $end)))
        (local.set $numbers (v128.load (local.get $u)))
        (local.set $doubles (f64x2.promote_low_f32x4 (local.get $numbers)))
        (local.set $sums (f64x2.add (local.get $sums) (f64x2.mul (local.get $doubles) (local.get $doubles))))
        (local.set $doubles
          (f64x2.promote_low_f32x4
            (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $numbers) (local.get $numbers))))
        (local.set $sums (f64x2.add (local.get $sums) (f64x2.mul (local.get $doubles) (local.get $doubles))))
        (local.set $u (i32.add (local.get $u) (i32.const 16)))
        (br $next)))
    (f64.add (f64x2.extract_lane 0 (local.get $sums)) (f64x2.extract_lane 1 (local.get $sums)))))
