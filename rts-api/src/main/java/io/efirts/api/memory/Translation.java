// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.memory;

/**
 * The result of {@link AddressSpace#translate} in one {@code long}, so that translating allocates
 * nothing: a physical address (never negative), or a fault kind (always negative).
 */
public final class Translation {
  private static final int DETAIL_SHIFT = 8;
  private static final long KIND_MASK = 0xFF;
  private static final FaultKind[] KINDS = FaultKind.values();

  private Translation() {}

  /**
   * Encodes a fault.
   *
   * @param kind why the translation failed
   * @return a negative word
   */
  public static long fault(FaultKind kind) {
    return fault(kind, 0);
  }

  /**
   * Encodes a fault with what the architecture says about it.
   *
   * @param kind why the translation failed
   * @param detail the page fault's error code, the syndrome's status code; 0 if there is none
   * @return a negative word
   */
  public static long fault(FaultKind kind, int detail) {
    return ~((detail & 0xFFFF_FFFFL) << DETAIL_SHIFT | kind.ordinal());
  }

  /**
   * Whether a translation failed.
   *
   * @param translation a word returned by {@link AddressSpace#translate}
   * @return true for a fault, false for a physical address
   */
  public static boolean isFault(long translation) {
    return translation < 0;
  }

  /**
   * The kind of a fault.
   *
   * @param translation a word for which {@link #isFault} holds
   * @return why the translation failed
   * @throws IllegalArgumentException if the word is a physical address or no fault of ours
   */
  public static FaultKind faultKind(long translation) {
    long ordinal = ~translation & KIND_MASK;
    if (!isFault(translation) || ordinal >= KINDS.length) {
      throw new IllegalArgumentException(
          "translation must be a fault: translation=0x" + Long.toHexString(translation));
    }
    return KINDS[(int) ordinal];
  }

  /**
   * What the architecture says about a fault.
   *
   * @param translation a word for which {@link #isFault} holds
   * @return the detail it was encoded with
   */
  public static int faultDetail(long translation) {
    return (int) (~translation >>> DETAIL_SHIFT);
  }
}
