// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.story;

import io.efirts.arm64.vcpu.Arm64Register;
import io.efirts.arm64.vcpu.Arm64Vcpu;
import io.efirts.arm64.vcpu.FpsimdImage;
import java.lang.foreign.MemorySegment;

/** What a scheduler keeps of a task that does not run: its registers, but not its root. */
final class TaskState {
  private final long[] registers = new long[Arm64Register.COUNT];
  private final MemorySegment fpState = FpsimdImage.initial();
  private final MemorySegment vectors;
  private final long pc;
  private final long daif;
  private final long svcr;
  private final long cpacr;

  TaskState(Arm64Vcpu vcpu) {
    for (Arm64Register register : Arm64Register.values()) {
      registers[register.ordinal()] = vcpu.get(register);
    }
    vcpu.saveFpState(fpState);
    vectors = MemorySegment.ofArray(new byte[vcpu.vectorStateBytes()]);
    vcpu.saveVectorState(vectors);
    pc = vcpu.pc();
    daif = vcpu.daif();
    svcr = vcpu.svcr();
    cpacr = vcpu.cpacr();
  }

  void load(Arm64Vcpu vcpu) {
    for (Arm64Register register : Arm64Register.values()) {
      vcpu.set(register, registers[register.ordinal()]);
    }
    vcpu.loadCpacr(cpacr);
    vcpu.loadSvcr(svcr);
    vcpu.loadFpState(fpState);
    vcpu.loadVectorState(vectors);
    vcpu.loadPc(pc);
    vcpu.loadDaif(daif);
  }
}
