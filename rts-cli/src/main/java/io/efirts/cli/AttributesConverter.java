// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.spec.VariableAttributes;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code NV,BS,RT} or a number. */
final class AttributesConverter implements ITypeConverter<Integer> {
  @Override
  public Integer convert(String text) {
    try {
      return VariableAttributes.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
