// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.memory.MemoryRegion;

/** Page tables of one architecture, set up in one way: what makes them. Immutable. */
interface TableFormat {
  /** Architecture and set-up in words, for example {@code x86_64, 4 levels}. */
  String description();

  /** How many bytes the smallest page and every table have. */
  int granuleBytes();

  /**
   * Makes tables.
   *
   * @param input what they are made from
   * @param memory where they go; holds nothing else
   * @return what there is to see of them
   * @throws IllegalArgumentException when a region cannot be mapped, or not as the input wants it
   * @throws RuntimeException an OutOfFramesException of the architecture's, when they need more
   *     memory
   */
  ShownTables make(TableInput input, MemoryRegion memory);
}
