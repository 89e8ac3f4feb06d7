// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.vcpu;

import io.efirts.api.spi.Vcpu;
import java.lang.foreign.MemorySegment;

/**
 * An arm64 processor's state at EL1, as a hypervisor reads and writes it while the processor does
 * not run.
 *
 * <p>Used by one thread at a time, the one that holds the gate. No method blocks, allocates or
 * throws. Loads take their values as they are, in any order, as a hypervisor's own stores do: that
 * the state is one a processor can be in is the caller's business, and matters when it runs next.
 */
public interface Arm64Vcpu extends Vcpu {
  /**
   * TTBR0_EL1.
   *
   * @return the root's frame, with the ASID in bits 63:48
   */
  @Override
  long addressSpaceRoot();

  /**
   * Loads TTBR0_EL1, with an ISB. Cached translations stay; which of them hold is told by the ASID.
   *
   * @param root the new value
   */
  @Override
  void loadAddressSpaceRoot(long root);

  /**
   * TCR_EL1.
   *
   * @return fields of {@link Tcr}
   */
  long tcr();

  /**
   * Loads TCR_EL1.
   *
   * @param value the new value
   */
  void loadTcr(long value);

  /**
   * MAIR_EL1.
   *
   * @return eight attributes, see {@link io.efirts.arm64.paging.MairTypes}
   */
  long mair();

  /**
   * Loads MAIR_EL1.
   *
   * @param value the new value
   */
  void loadMair(long value);

  /**
   * SCTLR_EL1.
   *
   * @return bits of {@link Sctlr}
   */
  long sctlr();

  /**
   * Loads SCTLR_EL1.
   *
   * @param value the new value
   */
  void loadSctlr(long value);

  /**
   * CPACR_EL1.
   *
   * @return fields of {@link Cpacr}
   */
  long cpacr();

  /**
   * Loads CPACR_EL1.
   *
   * @param value the new value
   */
  void loadCpacr(long value);

  /**
   * DAIF of PSTATE.
   *
   * @return bits of {@link Daif}, no others
   */
  long daif();

  /**
   * Loads DAIF of PSTATE; other bits than {@link Daif#MASK} are ignored.
   *
   * @param value the new value
   */
  void loadDaif(long value);

  /**
   * SVCR.
   *
   * @return bits of {@link Svcr}; 0 on a processor without SME
   */
  long svcr();

  /**
   * Loads SVCR, as SMSTART and SMSTOP do: a change of {@link Svcr#SM} clears the vector and
   * predicate registers and presets FPSR. Ignored on a processor without SME.
   *
   * @param value the new value
   */
  void loadSvcr(long value);

  /**
   * Saves the baseline floating-point and SIMD registers.
   *
   * @param image where to, {@link FpsimdImage#BYTES} bytes as {@link FpsimdImage} describes them,
   *     at any alignment
   */
  void saveFpState(MemorySegment image);

  /**
   * Loads the baseline floating-point and SIMD registers. As any store to a V register does, it
   * clears what SVE has above it.
   *
   * @param image where from, as for {@link #saveFpState}
   */
  void loadFpState(MemorySegment image);

  /**
   * How much memory {@link #saveVectorState} takes at most, in any mode the processor can be in.
   *
   * @return bytes; 0 on a processor without SVE and SME
   */
  int vectorStateBytes();

  /**
   * Saves what the current mode has beyond the baseline: vectors in their whole length, predicates
   * and FFR, not the matrix registers. Nothing on a processor without SVE and SME.
   *
   * @param image where to, {@link #vectorStateBytes} bytes in a form of the processor's own, at any
   *     alignment
   */
  void saveVectorState(MemorySegment image);

  /**
   * Loads what {@link #saveVectorState} saved, in the mode in which it was saved. The baseline
   * registers are the lower parts of the vectors, so they are loaded too, FPSR and FPCR are not.
   *
   * @param image where from
   */
  void loadVectorState(MemorySegment image);

  /**
   * A general register or the stack pointer.
   *
   * @param register which one
   * @return its value
   */
  long get(Arm64Register register);

  /**
   * Loads a general register or the stack pointer.
   *
   * @param register which one
   * @param value its new value
   */
  void set(Arm64Register register, long value);

  /**
   * The program counter.
   *
   * @return PC
   */
  long pc();

  /**
   * Loads the program counter.
   *
   * @param address where the processor goes on
   */
  void loadPc(long address);

  /** Makes this processor forget every translation of EL1, as TLBI VMALLE1, DSB and ISB do. */
  void flushTranslations();
}
