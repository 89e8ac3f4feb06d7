// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.story;

import io.efirts.arm64.vcpu.Arm64Register;
import io.efirts.arm64.vcpu.FpsimdImage;
import io.efirts.arm64.vcpu.ModelArm64Vcpu;
import java.lang.foreign.MemorySegment;

/** Code at work: all registers that it may use at some time hold something of its own. */
final class Registers {
  private Registers() {}

  /** Uses every general and every floating-point register. */
  static void fill(ModelArm64Vcpu vcpu, int mark) {
    for (int i = 0; i <= Arm64Register.X30.ordinal(); i++) {
      vcpu.set(Arm64Register.of(i), mark * 0x100L + i);
    }
    fillFloatingPoint(vcpu, mark);
  }

  /** Uses every floating-point register, FPSR and FPCR too. */
  static void fillFloatingPoint(ModelArm64Vcpu vcpu, int mark) {
    vcpu.loadFpState(FpsimdImage.initial().fill((byte) mark));
  }

  /** What firmware may leave behind: floating point as a call found it. */
  static void clearFloatingPoint(ModelArm64Vcpu vcpu) {
    MemorySegment image = FpsimdImage.initial();
    vcpu.loadFpState(image);
  }
}
