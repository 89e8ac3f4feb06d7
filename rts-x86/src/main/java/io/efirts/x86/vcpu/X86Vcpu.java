// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.vcpu;

import io.efirts.api.spi.Vcpu;
import java.lang.foreign.MemorySegment;

/**
 * An x86 processor's state as a hypervisor reads and writes it while the processor does not run.
 *
 * <p>Used by one thread at a time, the one that holds the gate. No method blocks, allocates or
 * throws. Loads take their values as they are, in any order, as a hypervisor's own stores do: that
 * the state is one a processor can be in is the caller's business, and matters when it runs next.
 * Outside long mode registers have 32 bits, and the upper half of what is loaded is dropped.
 */
public interface X86Vcpu extends Vcpu {
  /**
   * CR3.
   *
   * @return the root's frame with the PCID, or PWT and PCD, in bits 11:0; bit 63 is always clear
   */
  @Override
  long addressSpaceRoot();

  /**
   * Loads CR3. The processor forgets the translations of the PCID that is loaded, global pages
   * apart, unless CR4.PCIDE and {@link Cr3#NO_FLUSH} are set; without CR4.PCIDE bit 63 is ignored.
   *
   * @param root the new value
   */
  @Override
  void loadAddressSpaceRoot(long root);

  /**
   * CR0.
   *
   * @return bits of {@link Cr0}
   */
  long cr0();

  /**
   * Loads CR0.
   *
   * @param value the new value
   */
  void loadCr0(long value);

  /**
   * CR4.
   *
   * @return bits of {@link Cr4}
   */
  long cr4();

  /**
   * Loads CR4.
   *
   * @param value the new value
   */
  void loadCr4(long value);

  /**
   * EFER.
   *
   * @return bits of {@link Efer}; 0 on a processor without the register
   */
  long efer();

  /**
   * Loads EFER. {@link Efer#LMA} follows from LME and CR0.PG, whatever is given.
   *
   * @param value the new value
   */
  void loadEfer(long value);

  /**
   * RFLAGS.
   *
   * @return bits of {@link Rflags}
   */
  long rflags();

  /**
   * Loads RFLAGS.
   *
   * @param value the new value
   */
  void loadRflags(long value);

  /**
   * The x87 control word.
   *
   * @return FCW, 16 bits
   */
  long fpuControlWord();

  /**
   * Loads the x87 control word.
   *
   * @param value the new value, 16 bits
   */
  void loadFpuControlWord(long value);

  /**
   * Control and status of SSE.
   *
   * @return MXCSR, 32 bits
   */
  long mxcsr();

  /**
   * Loads MXCSR.
   *
   * @param value the new value, 32 bits
   */
  void loadMxcsr(long value);

  /**
   * Saves the state of x87 and SSE.
   *
   * @param image where to, {@link FxsaveImage#BYTES} bytes as {@link FxsaveImage} describes them,
   *     at any alignment
   */
  void saveFpState(MemorySegment image);

  /**
   * Loads the state of x87 and SSE, FCW and MXCSR included.
   *
   * @param image where from, as for {@link #saveFpState}
   */
  void loadFpState(MemorySegment image);

  /**
   * A general register.
   *
   * @param register which one
   * @return its value
   */
  long get(X86Register register);

  /**
   * Loads a general register.
   *
   * @param register which one
   * @param value its new value
   */
  void set(X86Register register, long value);

  /**
   * The instruction pointer.
   *
   * @return RIP
   */
  long rip();

  /**
   * Loads the instruction pointer.
   *
   * @param address where the processor goes on
   */
  void loadRip(long address);

  /** Makes the processor forget every translation, of every PCID and of global pages. */
  void flushTranslations();
}
