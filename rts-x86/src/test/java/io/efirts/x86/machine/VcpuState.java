// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.machine;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.efirts.x86.vcpu.Cr0;
import io.efirts.x86.vcpu.FxsaveImage;
import io.efirts.x86.vcpu.Rflags;
import io.efirts.x86.vcpu.X86Register;
import io.efirts.x86.vcpu.X86Vcpu;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;

/** Everything a processor holds, by name, so that a failed comparison tells what differs. */
public final class VcpuState {
  private VcpuState() {}

  /** A copy of all of it. */
  public static Map<String, Long> of(X86Vcpu vcpu) {
    Map<String, Long> state = new LinkedHashMap<>();
    state.put("CR0", vcpu.cr0());
    state.put("CR3", vcpu.addressSpaceRoot());
    state.put("CR4", vcpu.cr4());
    state.put("EFER", vcpu.efer());
    state.put("RFLAGS", vcpu.rflags());
    state.put("RIP", vcpu.rip());
    for (X86Register register : X86Register.values()) {
      state.put(register.name(), vcpu.get(register));
    }
    MemorySegment image = FxsaveImage.initial();
    vcpu.saveFpState(image);
    for (int offset = 0; offset < FxsaveImage.BYTES; offset += Long.BYTES) {
      state.put("FXSAVE+" + offset, image.get(JAVA_LONG_UNALIGNED, offset));
    }
    return state;
  }

  /**
   * The state of a host that was interrupted anywhere: each register differs from what a call needs
   * and from every other one, so that none goes unrestored unnoticed.
   */
  static void scramble(X86Vcpu vcpu) {
    for (X86Register register : X86Register.values()) {
      vcpu.set(register, 0x7000_0000L + 0x111 * register.ordinal());
    }
    MemorySegment image = FxsaveImage.initial();
    for (int offset = FxsaveImage.MXCSR_MASK_OFFSET + 4; offset < 416; offset += 4) {
      image.set(JAVA_INT_UNALIGNED, offset, 0x5A00_0000 + offset);
    }
    vcpu.loadFpState(image);
    vcpu.loadFpuControlWord(0x0E7F);
    vcpu.loadMxcsr(0x9FA1);
    vcpu.loadRflags(Rflags.IF | Rflags.DF);
    vcpu.loadCr0(vcpu.cr0() | Cr0.TS);
    vcpu.loadRip(0x0040_1000);
  }
}
