/* SPDX-License-Identifier: ISC */
/*
 * An effect on DNS: a record that is to follow a lease. It stands for what was decided in this
 * step; like a reply, it is to be carried out after the batch that the step's changes are in.
 */
#ifndef SEXTANT_BASE_FX_DNS_H
#define SEXTANT_BASE_FX_DNS_H

#include "base/fx.h"

/*
 * Adds the effect, and a line at level debug that tells it. With no place left it is lost, and
 * counted. `name` gives the name; it is copied.
 */
void fx_dns(struct fx *fx, const struct fx_dns *how, const char *name);

#endif
