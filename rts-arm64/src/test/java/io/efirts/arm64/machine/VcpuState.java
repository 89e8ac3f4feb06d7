// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.machine;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.efirts.arm64.vcpu.Arm64Register;
import io.efirts.arm64.vcpu.Arm64Vcpu;
import io.efirts.arm64.vcpu.Daif;
import io.efirts.arm64.vcpu.FpsimdImage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;

/** Everything a processor holds, by name, so that a failed comparison tells what differs. */
public final class VcpuState {
  private VcpuState() {}

  /** A copy of all of it. */
  public static Map<String, Long> of(Arm64Vcpu vcpu) {
    Map<String, Long> state = new LinkedHashMap<>();
    state.put("TTBR0", vcpu.addressSpaceRoot());
    state.put("TCR", vcpu.tcr());
    state.put("MAIR", vcpu.mair());
    state.put("SCTLR", vcpu.sctlr());
    state.put("CPACR", vcpu.cpacr());
    state.put("SVCR", vcpu.svcr());
    state.put("DAIF", vcpu.daif());
    state.put("PC", vcpu.pc());
    for (Arm64Register register : Arm64Register.values()) {
      state.put(register.name(), vcpu.get(register));
    }
    MemorySegment image = FpsimdImage.initial();
    vcpu.saveFpState(image);
    for (int offset = 0; offset < FpsimdImage.BYTES; offset += Long.BYTES) {
      state.put("FP+" + offset, image.get(JAVA_LONG_UNALIGNED, offset));
    }
    MemorySegment vectors = vectors(vcpu);
    vcpu.saveVectorState(vectors);
    for (int offset = 0; offset < vectors.byteSize(); offset += Integer.BYTES) {
      state.put("VECTORS+" + offset, (long) vectors.get(JAVA_INT_UNALIGNED, offset));
    }
    return state;
  }

  /**
   * The state of a host that was interrupted anywhere: each register differs from what a call needs
   * and from every other one, so that none goes unrestored unnoticed.
   */
  static void scramble(Arm64Vcpu vcpu) {
    for (Arm64Register register : Arm64Register.values()) {
      vcpu.set(register, 0x7000_0000L + 0x1110 * register.ordinal());
    }
    vcpu.loadCpacr(0);
    vcpu.loadSvcr(3);
    MemorySegment image = FpsimdImage.initial();
    FpsimdImage.fpsr(image, 0x1F);
    FpsimdImage.fpcr(image, 0x00C0_0000);
    vcpu.loadFpState(image);
    MemorySegment vectors = vectors(vcpu);
    for (int offset = 0; offset < vectors.byteSize(); offset += Integer.BYTES) {
      vectors.set(JAVA_INT_UNALIGNED, offset, 0x5A00_0000 + offset);
    }
    vcpu.loadVectorState(vectors);
    vcpu.loadDaif(Daif.D);
    vcpu.loadPc(0xFFFF_8000_0040_1000L);
  }

  private static MemorySegment vectors(Arm64Vcpu vcpu) {
    // The predicates of vectors of 32 bytes are no multiple of 8 bytes.
    return Arena.ofAuto().allocate(vcpu.vectorStateBytes() + 7 & -8, 8);
  }
}
