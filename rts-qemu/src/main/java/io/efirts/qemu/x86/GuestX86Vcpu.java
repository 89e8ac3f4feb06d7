// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.x86;

import io.efirts.qemu.agent.RegisterFile;
import io.efirts.x86.vcpu.Cr3;
import io.efirts.x86.vcpu.FxsaveImage;
import io.efirts.x86.vcpu.X86Register;
import io.efirts.x86.vcpu.X86Vcpu;
import java.lang.foreign.MemorySegment;

/**
 * The guest's processor: registers in the mailbox, which the agent loads before a call and stores
 * after it.
 *
 * <pre>
 * 0x000 RAX to R15, in the order of {@link X86Register}
 * 0x080 RIP
 * 0x088 RFLAGS
 * 0x090 CR0
 * 0x098 CR3
 * 0x0A0 CR4
 * 0x0A8 EFER
 * 0x0B0 CR2
 * 0x0B8 vector of the exception that ended the call, -1 if it came back
 * 0x0C0 its error code
 * 0x0C8 not 0: translations are to be forgotten before the next call, also if CR3 stays
 * 0x100 x87 and SSE, 512 bytes as FXSAVE stores them
 * </pre>
 *
 * <p>Floating point is loaded before a call if something was loaded here since the last one, and
 * stored after such a call only: FXSAVE takes longer than most services. A firmware context loads
 * it at every entry.
 */
public final class GuestX86Vcpu implements X86Vcpu {
  static final long RIP = 0x080;
  static final long CR2 = 0x0B0;
  static final long VECTOR = 0x0B8;
  static final long ERROR_CODE = 0x0C0;

  private static final long RFLAGS = 0x088;
  private static final long CR0 = 0x090;
  private static final long CR3 = 0x098;
  private static final long CR4 = 0x0A0;
  private static final long EFER = 0x0A8;
  private static final long FLUSH = 0x0C8;
  private static final long FP = 0x100;

  private final RegisterFile file;
  private final MemorySegment image = FxsaveImage.initial();
  private boolean fpLoaded;

  /**
   * The processor whose registers are in a file.
   *
   * @param file one of the agent's
   */
  public GuestX86Vcpu(RegisterFile file) {
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
    return file.get(CR3);
  }

  @Override
  public void loadAddressSpaceRoot(long root) {
    file.set(CR3, root & ~Cr3.NO_FLUSH);
    file.set(FLUSH, 1);
  }

  @Override
  public long cr0() {
    return file.get(CR0);
  }

  @Override
  public void loadCr0(long value) {
    file.set(CR0, value);
  }

  @Override
  public long cr4() {
    return file.get(CR4);
  }

  @Override
  public void loadCr4(long value) {
    file.set(CR4, value);
  }

  @Override
  public long efer() {
    return file.get(EFER);
  }

  @Override
  public void loadEfer(long value) {
    file.set(EFER, value);
  }

  @Override
  public long rflags() {
    return file.get(RFLAGS);
  }

  @Override
  public void loadRflags(long value) {
    file.set(RFLAGS, value);
  }

  @Override
  public long fpuControlWord() {
    saveFpState(image);
    return FxsaveImage.fcw(image);
  }

  @Override
  public void loadFpuControlWord(long value) {
    saveFpState(image);
    FxsaveImage.fcw(image, (int) value);
    loadFpState(image);
  }

  @Override
  public long mxcsr() {
    saveFpState(image);
    return Integer.toUnsignedLong(FxsaveImage.mxcsr(image));
  }

  @Override
  public void loadMxcsr(long value) {
    saveFpState(image);
    FxsaveImage.mxcsr(image, (int) value);
    loadFpState(image);
  }

  @Override
  public void saveFpState(MemorySegment into) {
    file.read(FP, into, FxsaveImage.BYTES);
  }

  @Override
  public void loadFpState(MemorySegment from) {
    file.write(FP, from, FxsaveImage.BYTES);
    fpLoaded = true;
  }

  @Override
  public long get(X86Register register) {
    return file.get((long) register.ordinal() * Long.BYTES);
  }

  @Override
  public void set(X86Register register, long value) {
    file.set((long) register.ordinal() * Long.BYTES, value);
  }

  @Override
  public long rip() {
    return file.get(RIP);
  }

  @Override
  public void loadRip(long address) {
    file.set(RIP, address);
  }

  @Override
  public void flushTranslations() {
    file.set(FLUSH, 1);
  }
}
