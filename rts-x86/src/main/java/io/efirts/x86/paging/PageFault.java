// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.paging;

import io.efirts.api.memory.Access;

/**
 * The error code of a page fault (SDM volume 3A, section 4.7), which is the detail of a fault that
 * {@link PageTables#translate} reports.
 */
public final class PageFault {
  /** P: the page is present, and something else was wrong. */
  public static final int P = 1;

  /** W/R: the access was a store. */
  public static final int W = 1 << 1;

  /** U/S: the access was made in user mode. */
  public static final int U = 1 << 2;

  /** RSVD: a reserved bit is set in an entry. */
  public static final int RSVD = 1 << 3;

  /** I/D: the access was an instruction fetch, and execution can be forbidden. */
  public static final int I = 1 << 4;

  private PageFault() {}

  /**
   * The code of a supervisor's access that failed. Never allocates.
   *
   * @param cause 0 for a page that is not present, {@link #P}, or P and {@link #RSVD}
   * @param access what was tried
   * @param executeDisable whether EFER.NXE is set; without it a fetch is not told from a load
   * @return the error code
   */
  public static int errorCode(int cause, Access access, boolean executeDisable) {
    return switch (access) {
      case READ -> cause;
      case WRITE -> cause | W;
      case EXECUTE -> executeDisable ? cause | I : cause;
    };
  }

  /**
   * What was tried, as far as the code tells. Never allocates.
   *
   * @param errorCode a page fault's error code
   * @return the access; a fetch counts as a load where execution cannot be forbidden
   */
  public static Access access(int errorCode) {
    if ((errorCode & I) != 0) {
      return Access.EXECUTE;
    }
    return (errorCode & W) == 0 ? Access.READ : Access.WRITE;
  }

  /**
   * The names of the bits that are set.
   *
   * @param errorCode a page fault's error code
   * @return for example {@code 0x3 (P W)}; allocates
   */
  public static String describe(int errorCode) {
    StringBuilder text = new StringBuilder("0x").append(Integer.toHexString(errorCode));
    String[] names = {"P", "W", "U", "RSVD", "I"};
    String separator = " (";
    for (int i = 0; i < names.length; i++) {
      if ((errorCode >>> i & 1) != 0) {
        text.append(separator).append(names[i]);
        separator = " ";
      }
    }
    return errorCode == 0 ? text.toString() : text.append(')').toString();
  }
}
