// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.arm64;

import io.efirts.arm64.vcpu.Arm64Register;
import io.efirts.arm64.vcpu.Arm64Vcpu;
import io.efirts.arm64.vcpu.Daif;
import io.efirts.arm64.vcpu.FpsimdImage;
import io.efirts.qemu.agent.RegisterFile;
import java.lang.foreign.MemorySegment;

/**
 * The guest's processor at EL1: registers in the mailbox, which the agent loads before a call and
 * stores after it. It has neither SVE nor SME.
 *
 * <pre>
 * 0x000 X0 to X30, SP
 * 0x100 PC
 * 0x108 PSTATE, of which DAIF is loaded
 * 0x110 TTBR0_EL1
 * 0x118 TCR_EL1
 * 0x120 MAIR_EL1
 * 0x128 SCTLR_EL1
 * 0x130 CPACR_EL1
 * 0x138 ESR_EL1 of the exception that ended the call
 * 0x140 FAR_EL1
 * 0x148 index in the vector table, -1 if the call came back, 16 if a debugger ended it
 * 0x150 not 0: translations are to be forgotten before the next call
 * 0x200 V0 to V31, FPSR, FPCR as {@link FpsimdImage} describes them
 * </pre>
 *
 * <p>X17 is not loaded, and X16 and X17 are stored only if the call has not come back: between a
 * call and its function they mean nothing.
 *
 * <p>Floating point is loaded before a call if something was loaded here since the last one, and
 * stored after such a call only. A firmware context loads it at every entry.
 */
public final class GuestArm64Vcpu implements Arm64Vcpu {
  static final long PC = 0x100;
  static final long ESR = 0x138;
  static final long FAR = 0x140;
  static final long VECTOR = 0x148;

  private static final long PSTATE = 0x108;
  private static final long TTBR0 = 0x110;
  private static final long TCR = 0x118;
  private static final long MAIR = 0x120;
  private static final long SCTLR = 0x128;
  private static final long CPACR = 0x130;
  private static final long FLUSH = 0x150;
  private static final long FP = 0x200;

  private final RegisterFile file;
  private boolean fpLoaded;

  /**
   * The processor whose registers are in a file.
   *
   * @param file one of the agent's
   */
  public GuestArm64Vcpu(RegisterFile file) {
    this.file = file;
  }

  RegisterFile file() {
    return file;
  }

  boolean takeFloatingPoint() {
    boolean loaded = fpLoaded;
    fpLoaded = false;
    return loaded;
  }

  @Override
  public long addressSpaceRoot() {
    return file.get(TTBR0);
  }

  @Override
  public void loadAddressSpaceRoot(long root) {
    file.set(TTBR0, root);
  }

  @Override
  public long tcr() {
    return file.get(TCR);
  }

  @Override
  public void loadTcr(long value) {
    file.set(TCR, value);
  }

  @Override
  public long mair() {
    return file.get(MAIR);
  }

  @Override
  public void loadMair(long value) {
    file.set(MAIR, value);
  }

  @Override
  public long sctlr() {
    return file.get(SCTLR);
  }

  @Override
  public void loadSctlr(long value) {
    file.set(SCTLR, value);
  }

  @Override
  public long cpacr() {
    return file.get(CPACR);
  }

  @Override
  public void loadCpacr(long value) {
    file.set(CPACR, value);
  }

  @Override
  public long daif() {
    return file.get(PSTATE) & Daif.MASK;
  }

  @Override
  public void loadDaif(long value) {
    file.set(PSTATE, value & Daif.MASK);
  }

  @Override
  public long svcr() {
    return 0;
  }

  @Override
  public void loadSvcr(long value) {
    // A processor without SME has no such register.
  }

  @Override
  public void saveFpState(MemorySegment image) {
    file.read(FP, image, FpsimdImage.BYTES);
  }

  @Override
  public void loadFpState(MemorySegment image) {
    file.write(FP, image, FpsimdImage.BYTES);
    fpLoaded = true;
  }

  @Override
  public int vectorStateBytes() {
    return 0;
  }

  @Override
  public void saveVectorState(MemorySegment image) {
    // A processor without SVE has nothing beyond the baseline.
  }

  @Override
  public void loadVectorState(MemorySegment image) {
    // A processor without SVE has nothing beyond the baseline.
  }

  @Override
  public long get(Arm64Register register) {
    return file.get((long) register.ordinal() * Long.BYTES);
  }

  @Override
  public void set(Arm64Register register, long value) {
    file.set((long) register.ordinal() * Long.BYTES, value);
  }

  @Override
  public long pc() {
    return file.get(PC);
  }

  @Override
  public void loadPc(long address) {
    file.set(PC, address);
  }

  @Override
  public void flushTranslations() {
    file.set(FLUSH, 1);
  }
}
