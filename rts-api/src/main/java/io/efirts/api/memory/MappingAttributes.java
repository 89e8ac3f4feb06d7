// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.memory;

import java.util.Objects;

/**
 * Permissions and memory type of one mapping. A mapped page can always be read: UEFI's read-protect
 * attribute is expressed by not mapping the page.
 *
 * @param writable stores are allowed
 * @param executable instruction fetches are allowed
 * @param cacheType memory type of the mapping
 */
public record MappingAttributes(boolean writable, boolean executable, CacheType cacheType) {
  /** Read, write, no execute, write back. */
  public static final MappingAttributes DATA =
      new MappingAttributes(true, false, CacheType.WRITE_BACK);

  /** Read, execute, no write, write back. */
  public static final MappingAttributes CODE =
      new MappingAttributes(false, true, CacheType.WRITE_BACK);

  /** Read only, write back. */
  public static final MappingAttributes READ_ONLY =
      new MappingAttributes(false, false, CacheType.WRITE_BACK);

  /** Checks that a memory type is given. */
  public MappingAttributes {
    Objects.requireNonNull(cacheType, "cacheType");
  }

  /**
   * Whether an access of this kind is allowed.
   *
   * @param access the kind of access
   * @return true if the mapping permits it
   */
  public boolean permits(Access access) {
    return switch (access) {
      case READ -> true;
      case WRITE -> writable;
      case EXECUTE -> executable;
    };
  }

  /**
   * The permissions as text.
   *
   * @return {@code r--}, {@code rw-}, {@code r-x} or {@code rwx}
   */
  public String permissions() {
    return "r" + (writable ? "w" : "-") + (executable ? "x" : "-");
  }
}
