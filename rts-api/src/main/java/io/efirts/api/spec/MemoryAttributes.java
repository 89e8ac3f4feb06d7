// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

/**
 * The attribute bits of a memory map entry, {@code EFI_MEMORY_*}: what the memory can do, and for
 * RUNTIME, RO, RP, XP what the mapping must do. UEFI 2.10 section 7.2.3. Any thread may call;
 * nothing blocks.
 */
public final class MemoryAttributes {
  /** Can be mapped uncacheable. */
  public static final long UC = 0x1;

  /** Can be mapped write combining. */
  public static final long WC = 0x2;

  /** Can be mapped write-through. */
  public static final long WT = 0x4;

  /** Can be mapped write-back. */
  public static final long WB = 0x8;

  /** Can be mapped uncacheable, exported, with fetch-and-add semaphores. */
  public static final long UCE = 0x10;

  /** Can be write protected, by cache type. */
  public static final long WP = 0x1000;

  /** Read protected. */
  public static final long RP = 0x2000;

  /** Not executable. */
  public static final long XP = 0x4000;

  /** Persistent memory. */
  public static final long NV = 0x8000;

  /** More reliable than the other memory of the system. */
  public static final long MORE_RELIABLE = 0x1_0000;

  /** Read only. */
  public static final long RO = 0x2_0000;

  /** Specific-purpose memory. */
  public static final long SP = 0x4_0000;

  /** Can be protected by the processor's memory encryption. */
  public static final long CPU_CRYPTO = 0x8_0000;

  /** Can be removed while the system runs. */
  public static final long HOT_PLUGGABLE = 0x10_0000;

  /** The bits whose meaning the processor architecture defines; see {@link #ISA_VALID}. */
  public static final long ISA_MASK = 0x0FFF_F000_0000_0000L;

  /** The {@link #ISA_MASK} bits mean something. */
  public static final long ISA_VALID = 1L << 62;

  /** Runtime services need this range mapped. */
  public static final long RUNTIME = 1L << 63;

  private static final BitNames NAMES =
      new BitNames(
          new long[] {
            UC,
            WC,
            WT,
            WB,
            UCE,
            WP,
            RP,
            XP,
            NV,
            MORE_RELIABLE,
            RO,
            SP,
            CPU_CRYPTO,
            HOT_PLUGGABLE,
            ISA_VALID,
            RUNTIME
          },
          new String[] {
            "UC",
            "WC",
            "WT",
            "WB",
            "UCE",
            "WP",
            "RP",
            "XP",
            "NV",
            "MORE_RELIABLE",
            "RO",
            "SP",
            "CPU_CRYPTO",
            "HOT_PLUGGABLE",
            "ISA_VALID",
            "RUNTIME"
          });

  private MemoryAttributes() {}

  /**
   * Returns the names of the set bits from the lowest up, bits without a name (those of {@link
   * #ISA_MASK} included) as one hex number. Allocates.
   *
   * @param attribute the attribute word
   * @return for example {@code UC|WB|RUNTIME}; {@code 0} when no bit is set
   */
  public static String describe(long attribute) {
    return NAMES.describe(attribute);
  }
}
