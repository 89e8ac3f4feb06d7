// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.promises;

import java.util.List;

/**
 * A promise that the document claims to be proven.
 *
 * @param number {@code n} of {@code I-n}
 * @param tests what proves it in every build
 * @param stressTests the classes that prove it under jcstress, which a build does not run
 */
record Promise(int number, List<NamedTest> tests, List<String> stressTests) {
  /**
   * A test as the document names it.
   *
   * @param module the folder of its module
   * @param name simple class name, or class and method with a dot between them
   */
  record NamedTest(String module, String name) {}

  /**
   * The promise as documents and tests quote it.
   *
   * @return {@code I-n}
   */
  String quoted() {
    return "I-" + number;
  }
}
