// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.vcpu;

import io.efirts.arm64.paging.MairTypes;
import io.efirts.arm64.paging.PagingMode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.function.LongConsumer;

/**
 * A processor in plain fields: what is loaded can be read back as a processor would give it back,
 * and what empties the TLB is counted. It executes nothing and caches nothing, with one exception:
 * {@link #writeDaif}, so that firmware in Java can mask interrupts as code does.
 *
 * <p>Not thread-safe; see {@link Arm64Vcpu} for who uses it.
 */
public final class ModelArm64Vcpu implements Arm64Vcpu {
  /** What a change of PSTATE.SM leaves in FPSR (Arm ARM: ResetSVEState). */
  private static final int FPSR_AFTER_MODE_CHANGE = 0x0800_009F;

  private static final int LEAST_VECTOR_BYTES = 16;
  private static final int MOST_VECTOR_BYTES = 256;
  private static final int VECTORS = FpsimdImage.V_COUNT;

  /** P0 to P15 and FFR, with a bit for each byte of a vector. */
  private static final int PREDICATES = 17;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final long[] registers = new long[Arm64Register.COUNT];
  private final int vectorBytes;
  private final boolean scalable;

  /** Vectors, then predicates; a processor without SVE has the lower 16 bytes only. */
  private final MemorySegment vectors;

  private int fpsr;
  private int fpcr;
  private long ttbr0;
  private long tcr;
  private long mair;
  private long sctlr = Sctlr.M | Sctlr.C | Sctlr.SA | Sctlr.I;
  private long cpacr = Cpacr.FPEN;
  private long daif;
  private long svcr;
  private long pc;
  private long flushes;
  private LongConsumer daifWrites = daif -> {};

  private ModelArm64Vcpu(
      PagingMode mode, MairTypes mairTypes, long root, int vectorBytes, boolean scalable) {
    Objects.requireNonNull(mode, "mode");
    this.vectorBytes = vectorBytes;
    this.scalable = scalable;
    this.vectors =
        MemorySegment.ofArray(new byte[VECTORS * vectorBytes + PREDICATES * vectorBytes / 8]);
    this.ttbr0 = root;
    this.tcr = Tcr.of(mode) | Tcr.AS;
    this.mair = mairTypes.mair();
  }

  /**
   * A processor in the middle of its host's work: translation is on, accesses need not be aligned,
   * nothing is masked, floating point does not trap. It has 16 bits of ASID, output addresses as
   * wide as the mode's entries can hold, and neither SVE nor SME. All other registers are 0.
   *
   * @param mode how it walks tables from TTBR0_EL1
   * @param mairTypes the value of MAIR_EL1
   * @param root the host's root, for TTBR0_EL1
   * @return a new processor
   */
  public static ModelArm64Vcpu of(PagingMode mode, MairTypes mairTypes, long root) {
    return new ModelArm64Vcpu(mode, mairTypes, root, LEAST_VECTOR_BYTES, false);
  }

  /**
   * The same with SVE and SME, whose vectors have one length in and out of streaming mode; it is
   * not in streaming mode.
   *
   * @param mode how it walks tables from TTBR0_EL1
   * @param mairTypes the value of MAIR_EL1
   * @param root the host's root, for TTBR0_EL1
   * @param vectorBytes length of a vector: 16, 32, 64, 128 or 256 bytes
   * @return a new processor
   * @throws IllegalArgumentException if there are no vectors of that length
   */
  public static ModelArm64Vcpu scalable(
      PagingMode mode, MairTypes mairTypes, long root, int vectorBytes) {
    if (Integer.bitCount(vectorBytes) != 1
        || vectorBytes < LEAST_VECTOR_BYTES
        || vectorBytes > MOST_VECTOR_BYTES) {
      throw new IllegalArgumentException(
          "vector length must be a power of 2 from 16 to 256 bytes: bytes=" + vectorBytes);
    }
    return new ModelArm64Vcpu(mode, mairTypes, root, vectorBytes, true);
  }

  @Override
  public long addressSpaceRoot() {
    return ttbr0;
  }

  @Override
  public void loadAddressSpaceRoot(long root) {
    ttbr0 = root;
  }

  @Override
  public long tcr() {
    return tcr;
  }

  @Override
  public void loadTcr(long value) {
    tcr = value;
  }

  @Override
  public long mair() {
    return mair;
  }

  @Override
  public void loadMair(long value) {
    mair = value;
  }

  @Override
  public long sctlr() {
    return sctlr;
  }

  @Override
  public void loadSctlr(long value) {
    sctlr = value;
  }

  @Override
  public long cpacr() {
    return cpacr;
  }

  @Override
  public void loadCpacr(long value) {
    cpacr = value;
  }

  @Override
  public long daif() {
    return daif;
  }

  @Override
  public void loadDaif(long value) {
    daif = value & Daif.MASK;
  }

  /**
   * Writes DAIF as code on the processor does (MSR DAIF, DAIFSet, DAIFClr), and tells so: what a
   * hypervisor learns if it traps such writes.
   *
   * @param value the new value
   */
  public void writeDaif(long value) {
    loadDaif(value);
    daifWrites.accept(daif);
  }

  /**
   * Who is told of {@link #writeDaif}; nobody if this is not called.
   *
   * @param listener gets the new value, on the thread that wrote it
   */
  public void onDaifWrite(LongConsumer listener) {
    daifWrites = Objects.requireNonNull(listener, "listener");
  }

  @Override
  public long svcr() {
    return svcr;
  }

  @Override
  public void loadSvcr(long value) {
    if (!scalable) {
      return;
    }
    if (((svcr ^ value) & Svcr.SM) != 0) {
      vectors.fill((byte) 0);
      fpsr = FPSR_AFTER_MODE_CHANGE;
    }
    svcr = value & (Svcr.SM | Svcr.ZA);
  }

  @Override
  public void saveFpState(MemorySegment image) {
    for (int i = 0; i < VECTORS; i++) {
      MemorySegment.copy(
          vectors,
          (long) i * vectorBytes,
          image,
          (long) i * FpsimdImage.V_BYTES,
          FpsimdImage.V_BYTES);
    }
    FpsimdImage.fpsr(image, fpsr);
    FpsimdImage.fpcr(image, fpcr);
  }

  @Override
  public void loadFpState(MemorySegment image) {
    for (int i = 0; i < VECTORS; i++) {
      long at = (long) i * vectorBytes;
      for (int upper = FpsimdImage.V_BYTES; upper < vectorBytes; upper += Integer.BYTES) {
        vectors.set(INT, at + upper, 0);
      }
      MemorySegment.copy(image, (long) i * FpsimdImage.V_BYTES, vectors, at, FpsimdImage.V_BYTES);
    }
    fpsr = FpsimdImage.fpsr(image);
    fpcr = FpsimdImage.fpcr(image);
  }

  @Override
  public int vectorStateBytes() {
    return scalable ? (int) vectors.byteSize() : 0;
  }

  @Override
  public void saveVectorState(MemorySegment image) {
    MemorySegment.copy(vectors, 0, image, 0, vectorStateBytes());
  }

  @Override
  public void loadVectorState(MemorySegment image) {
    MemorySegment.copy(image, 0, vectors, 0, vectorStateBytes());
  }

  @Override
  public long get(Arm64Register register) {
    return registers[register.ordinal()];
  }

  @Override
  public void set(Arm64Register register, long value) {
    registers[register.ordinal()] = value;
  }

  @Override
  public long pc() {
    return pc;
  }

  @Override
  public void loadPc(long address) {
    pc = address;
  }

  @Override
  public void flushTranslations() {
    flushes++;
  }

  /**
   * How often {@link #flushTranslations} was called.
   *
   * @return the count since this processor was made
   */
  public long flushes() {
    return flushes;
  }
}
