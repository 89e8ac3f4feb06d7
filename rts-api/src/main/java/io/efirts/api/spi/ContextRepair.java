// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spi;

/**
 * What firmware can break in the context it is called in. {@link FirmwareContext#leave} repairs it
 * and says which, as a mask of {@link #bit}s. UEFI 2.10 section 2.3 lists what a call must
 * preserve.
 */
public enum ContextRepair {
  /** The interrupt flag (x86 EFLAGS.IF) or mask bits (arm64 DAIF) were not as before. */
  INTERRUPT_MASK,
  /** The direction flag (x86 EFLAGS.DF) was left set. */
  DIRECTION_FLAG,
  /** The control word of the floating-point unit (x87 FCW, MXCSR, FPCR) was changed. */
  FP_CONTROL,
  /** A register that a call must preserve was changed. */
  PRESERVED_REGISTER,
  /** The platform's own register (arm64 x18) was changed. */
  PLATFORM_REGISTER,
  /** The root of the address space (CR3, TTBR0) was changed. */
  ADDRESS_SPACE_ROOT,
  /** The stack pointer or the stack's guard was not as before. */
  STACK;

  private static final ContextRepair[] ALL = values();

  /** Number of kinds. */
  public static final int COUNT = ALL.length;

  /**
   * The bit of this kind in a mask.
   *
   * @return a power of two
   */
  public int bit() {
    return 1 << ordinal();
  }

  /**
   * The kind at an index.
   *
   * @param index 0 to {@link #COUNT} - 1
   * @return the kind
   */
  public static ContextRepair at(int index) {
    return ALL[index];
  }
}
