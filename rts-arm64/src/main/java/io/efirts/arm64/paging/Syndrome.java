// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

import io.efirts.api.memory.Access;

/**
 * The syndrome of an exception that is taken to EL1 from EL1 (Arm ARM: ESR_EL1, its low 32 bits),
 * which is the detail of a fault that {@link PageTables#translate} reports.
 *
 * <p>The fault status codes of translation have the lookup level in their bits 1:0. Level -1, which
 * FEAT_LPA2 brought, has codes of its own.
 */
public final class Syndrome {
  /** Exception class: an instruction abort without a change of exception level. */
  public static final int INSTRUCTION_ABORT = 0x21;

  /** Exception class: a data abort without a change of exception level. */
  public static final int DATA_ABORT = 0x25;

  /** Exception class: an indirect branch into a guarded page missed its landing instruction. */
  public static final int BRANCH_TARGET = 0x0D;

  /** Fault status at level 0: an address is wider than the processor can put out. */
  public static final int ADDRESS_SIZE = 0x00;

  /** Fault status at level 0: an entry is not valid. */
  public static final int TRANSLATION = 0x04;

  /** Fault status at level 0: AF is clear. */
  public static final int ACCESS_FLAG = 0x08;

  /** Fault status at level 0: mapped, but not for this access. */
  public static final int PERMISSION = 0x0C;

  /** Fault status at level 0: there is nothing where a table should be. */
  public static final int EXTERNAL_ABORT_ON_WALK = 0x14;

  /** Fault status: an external abort, but not on a walk. */
  public static final int EXTERNAL_ABORT = 0x10;

  /** Fault status: an address is not aligned as the instruction demands. */
  public static final int ALIGNMENT = 0x21;

  private static final int ADDRESS_SIZE_LEVEL_MINUS_1 = 0x29;
  private static final int TRANSLATION_LEVEL_MINUS_1 = 0x2B;
  private static final int EXTERNAL_ABORT_ON_WALK_LEVEL_MINUS_1 = 0x13;

  private static final int CLASS_SHIFT = 26;

  /** IL: the instruction has 32 bits; set in every abort without an instruction syndrome. */
  private static final int IL = 1 << 25;

  /** FnV: FAR_EL1 does not hold the address; only in external aborts. */
  private static final int FNV = 1 << 10;

  /** WnR: the access was a store. */
  private static final int WNR = 1 << 6;

  private static final int STATUS_MASK = 0x3F;
  private static final int LEVEL_MASK = 0x3;

  private Syndrome() {}

  /**
   * The syndrome of an access by EL1 that could not be translated. Never allocates.
   *
   * @param access what was tried
   * @param status the fault status at level 0
   * @param level lookup level, -1 to 3
   * @return ESR_EL1
   * @throws IllegalArgumentException if it is a fault that there is not at level -1, where entries
   *     map nothing
   */
  public static int abort(Access access, int status, int level) {
    int word = IL | (level < 0 ? statusAtLevelMinus1(status) : status | level);
    return switch (access) {
      case READ -> DATA_ABORT << CLASS_SHIFT | word;
      case WRITE -> DATA_ABORT << CLASS_SHIFT | word | WNR;
      case EXECUTE -> INSTRUCTION_ABORT << CLASS_SHIFT | word;
    };
  }

  private static int statusAtLevelMinus1(int status) {
    return switch (status) {
      case ADDRESS_SIZE -> ADDRESS_SIZE_LEVEL_MINUS_1;
      case TRANSLATION -> TRANSLATION_LEVEL_MINUS_1;
      case EXTERNAL_ABORT_ON_WALK -> EXTERNAL_ABORT_ON_WALK_LEVEL_MINUS_1;
      default ->
          throw new IllegalArgumentException(
              "fault status must be one that level -1 has: status=0x"
                  + Integer.toHexString(status));
    };
  }

  /**
   * EC, bits 31:26: what kind of exception it was.
   *
   * @param esr ESR_EL1
   * @return 0 to 63
   */
  public static int exceptionClass(int esr) {
    return esr >>> CLASS_SHIFT;
  }

  /**
   * DFSC or IFSC, bits 5:0: why an abort was taken.
   *
   * @param esr ESR_EL1 of a data or instruction abort
   * @return 0 to 63
   */
  public static int faultStatus(int esr) {
    return esr & STATUS_MASK;
  }

  /**
   * The same without the lookup level, where the status has one.
   *
   * @param esr ESR_EL1 of a data or instruction abort
   * @return a fault status at level 0, or one that has no level
   */
  public static int faultStatusAnyLevel(int esr) {
    int status = faultStatus(esr);
    return switch (status & ~LEVEL_MASK) {
      case ADDRESS_SIZE, TRANSLATION, ACCESS_FLAG, PERMISSION, EXTERNAL_ABORT_ON_WALK ->
          status & ~LEVEL_MASK;
      default ->
          switch (status) {
            case ADDRESS_SIZE_LEVEL_MINUS_1 -> ADDRESS_SIZE;
            case TRANSLATION_LEVEL_MINUS_1 -> TRANSLATION;
            case EXTERNAL_ABORT_ON_WALK_LEVEL_MINUS_1 -> EXTERNAL_ABORT_ON_WALK;
            default -> status;
          };
    };
  }

  /**
   * Whether FAR_EL1 holds the address that was touched.
   *
   * @param esr ESR_EL1
   * @return true for a data or instruction abort, unless it says otherwise
   */
  public static boolean hasAddress(int esr) {
    int exceptionClass = exceptionClass(esr);
    return (exceptionClass == DATA_ABORT || exceptionClass == INSTRUCTION_ABORT)
        && (faultStatus(esr) != EXTERNAL_ABORT || (esr & FNV) == 0);
  }

  /**
   * What the access was that was aborted.
   *
   * @param esr ESR_EL1 of a data or instruction abort
   * @return the access
   */
  public static Access access(int esr) {
    if (exceptionClass(esr) == INSTRUCTION_ABORT) {
      return Access.EXECUTE;
    }
    return (esr & WNR) == 0 ? Access.READ : Access.WRITE;
  }

  /**
   * The syndrome in words.
   *
   * @param esr ESR_EL1
   * @return for example {@code 0x9600004f (data abort, WRITE, permission fault at level 3)};
   *     allocates
   */
  public static String describe(int esr) {
    String text = "0x%08x (".formatted(esr);
    return switch (exceptionClass(esr)) {
      case INSTRUCTION_ABORT -> text + "instruction abort, " + status(esr) + ")";
      case DATA_ABORT -> text + "data abort, " + access(esr) + ", " + status(esr) + ")";
      case BRANCH_TARGET -> text + "branch target exception)";
      default -> text + "exception class 0x" + Integer.toHexString(exceptionClass(esr)) + ")";
    };
  }

  private static String status(int esr) {
    int anyLevel = faultStatusAnyLevel(esr);
    int level = faultStatus(esr) - anyLevel;
    String atLevel = " at level " + (level == (level & LEVEL_MASK) ? level : -1);
    return switch (anyLevel) {
      case ADDRESS_SIZE -> "address size fault" + atLevel;
      case TRANSLATION -> "translation fault" + atLevel;
      case ACCESS_FLAG -> "access flag fault" + atLevel;
      case PERMISSION -> "permission fault" + atLevel;
      case EXTERNAL_ABORT_ON_WALK -> "external abort on a walk" + atLevel;
      case EXTERNAL_ABORT -> "external abort";
      case ALIGNMENT -> "alignment fault";
      default -> "fault status 0x" + Integer.toHexString(anyLevel);
    };
  }
}
