// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.vcpu;

import io.efirts.x86.paging.PagingMode;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * A processor in plain fields: what is loaded can be read back as a processor would give it back,
 * and what would empty a TLB is counted. It executes nothing and caches nothing.
 *
 * <p>Not thread-safe; see {@link X86Vcpu} for who uses it.
 */
public final class ModelX86Vcpu implements X86Vcpu {
  /** Loads of these bits of CR4 flush when they change (SDM volume 3A, section 4.10.4.1). */
  private static final long FLUSHING_CR4 = Cr4.PSE | Cr4.PAE | Cr4.PGE | Cr4.LA57;

  private final long[] registers = new long[X86Register.COUNT];
  private final MemorySegment fpState = FxsaveImage.initial();
  private long cr0;
  private long cr3;
  private long cr4;
  private long efer;
  private long rflags = Rflags.IF;
  private long rip;
  private long flushes;

  private ModelX86Vcpu(long cr0, long cr3, long cr4, long efer) {
    this.cr0 = cr0;
    this.cr3 = cr3;
    this.cr4 = cr4;
    this.efer = efer;
  }

  /**
   * A processor in the middle of its host's work: paging is on, interrupts too, pages can be
   * read-only and, where the mode knows it, not executable; no PCIDs. General registers and RIP are
   * 0, floating point is in its initial state.
   *
   * @param mode how it walks tables: long mode with four or five levels, protected mode with PAE or
   *     32-bit paging
   * @param root the host's root, for CR3
   * @return a new processor
   * @throws IllegalArgumentException if CR3 cannot hold the root in that mode
   */
  public static ModelX86Vcpu of(PagingMode mode, long root) {
    Objects.requireNonNull(mode, "mode");
    boolean longMode = mode == PagingMode.FOUR_LEVEL || mode == PagingMode.FIVE_LEVEL;
    if (root >>> (longMode ? PagingMode.FOUR_LEVEL.physicalBits() : Integer.SIZE) != 0) {
      throw new IllegalArgumentException(
          "root must fit CR3: mode=" + mode + ", root=0x" + Long.toHexString(root));
    }
    long paging =
        switch (mode) {
          case LEGACY_32 -> Cr4.PSE;
          case PAE, FOUR_LEVEL -> Cr4.PAE;
          case FIVE_LEVEL -> Cr4.PAE | Cr4.LA57;
        };
    return new ModelX86Vcpu(
        Cr0.PE | Cr0.MP | Cr0.ET | Cr0.NE | Cr0.WP | Cr0.PG,
        root,
        paging | Cr4.OSFXSR | Cr4.OSXMMEXCPT,
        longMode ? Efer.SCE | Efer.LME | Efer.NXE : mode == PagingMode.PAE ? Efer.NXE : 0);
  }

  @Override
  public long addressSpaceRoot() {
    return cr3;
  }

  @Override
  public void loadAddressSpaceRoot(long root) {
    boolean keeps = (cr4 & Cr4.PCIDE) != 0 && (root & Cr3.NO_FLUSH) != 0;
    cr3 = asWide(root & ~Cr3.NO_FLUSH);
    if (!keeps) {
      flushes++;
    }
  }

  @Override
  public long cr0() {
    return cr0;
  }

  @Override
  public void loadCr0(long value) {
    if ((cr0 & ~value & Cr0.PG) != 0) {
      flushes++;
    }
    cr0 = value;
  }

  @Override
  public long cr4() {
    return cr4;
  }

  @Override
  public void loadCr4(long value) {
    if (((cr4 ^ value) & FLUSHING_CR4 | cr4 & ~value & Cr4.PCIDE) != 0) {
      flushes++;
    }
    cr4 = value;
  }

  @Override
  public long efer() {
    return isLongMode() ? efer | Efer.LMA : efer;
  }

  @Override
  public void loadEfer(long value) {
    efer = value & ~Efer.LMA;
  }

  @Override
  public long rflags() {
    return rflags | Rflags.ALWAYS_SET;
  }

  @Override
  public void loadRflags(long value) {
    rflags = value;
  }

  @Override
  public long fpuControlWord() {
    return FxsaveImage.fcw(fpState);
  }

  @Override
  public void loadFpuControlWord(long value) {
    FxsaveImage.fcw(fpState, (int) value);
  }

  @Override
  public long mxcsr() {
    return Integer.toUnsignedLong(FxsaveImage.mxcsr(fpState));
  }

  @Override
  public void loadMxcsr(long value) {
    FxsaveImage.mxcsr(fpState, (int) value);
  }

  @Override
  public void saveFpState(MemorySegment image) {
    MemorySegment.copy(fpState, 0, image, 0, FxsaveImage.BYTES);
  }

  @Override
  public void loadFpState(MemorySegment image) {
    MemorySegment.copy(image, 0, fpState, 0, FxsaveImage.BYTES);
  }

  @Override
  public long get(X86Register register) {
    return registers[register.ordinal()];
  }

  @Override
  public void set(X86Register register, long value) {
    registers[register.ordinal()] = asWide(value);
  }

  @Override
  public long rip() {
    return rip;
  }

  @Override
  public void loadRip(long address) {
    rip = asWide(address);
  }

  @Override
  public void flushTranslations() {
    flushes++;
  }

  /**
   * How often loads and {@link #flushTranslations} have emptied the TLB, of one PCID or of all.
   *
   * @return the count since this processor was made
   */
  public long flushes() {
    return flushes;
  }

  private boolean isLongMode() {
    return (efer & Efer.LME) != 0 && (cr0 & Cr0.PG) != 0;
  }

  private long asWide(long value) {
    return isLongMode() ? value : value & 0xFFFF_FFFFL;
  }
}
