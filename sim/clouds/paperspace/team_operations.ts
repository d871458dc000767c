/**
 * Who the team is, and what it may rent.
 *
 * @module
 */

import type { Account } from "./account.ts";
import { simRegions } from "./catalog.ts";
import { Refusal, simTexts } from "./errors.ts";
import { availabilityInput, parseInput, parseRegion } from "./inputs.ts";
import { filterByName, type Operation } from "./operation.ts";
import { paginate } from "./paging.ts";
import type { Rendered } from "./render.ts";
import { type SimCustomTemplate, type SimTemplate, simTemplates } from "./templates.ts";

/** See the module. */
export const teamOperations = {
  "auth-session": ({ account }) => renderSession(account),

  "billing-accountStanding": ({ account }) => {
    const { standing, billing } = account.switches.behaviour;
    if (standing === "absent") throw new Refusal("NOT_FOUND");
    return {
      isInGoodStanding: billing === "good" || billing === "noPaymentMethod",
      hasPaymentMethod: billing !== "noPaymentMethod",
      isAdminLocked: billing === "locked",
      messages: billing === "good" ? [] : [simTexts[billing]],
    };
  },

  "machineAvailability-list": ({ account, query }) => {
    const { machineType, region } = parseInput(availabilityInput, query);
    const code = parseRegion(region);
    const { unknownType, phantomStock } = account.switches.behaviour;
    if (account.market.type(machineType) === undefined && unknownType === "refuse") {
      throw new Refusal("BAD_REQUEST", `Unknown machine type: ${machineType}`);
    }
    const phantom = phantomStock.includes(`${machineType}/${code}`);
    return { available: phantom || account.market.free(machineType, code) > 0 };
  },

  "osTemplates-list": (input) => {
    const { account, query } = input;
    const templates = filterByName([...simTemplates.values()], ({ name }) => name, input);
    const keys = { name: ({ name }: SimTemplate) => name };
    const page = paginate(templates, query, keys, account.switches.behaviour);
    return { ...page, items: page.items.map((template) => renderTemplate(account, template)) };
  },

  "customTemplates-list": (input) => {
    const { account, query } = input;
    const { machineId } = query;
    const templates = filterByName(account.customTemplates, ({ name }) => name, input)
      .filter(({ parentMachineId }) => machineId === undefined || parentMachineId === machineId);
    const page = paginate(templates, query, {
      dtCreated: ({ createdAt }) => createdAt,
      name: ({ name }) => name,
    }, account.switches.behaviour);
    return { ...page, items: page.items.map((template) => renderCustom(account, template)) };
  },

  "customTemplates-get": ({ account, id }) => {
    const template = account.customTemplates.find((candidate) => candidate.id === id);
    if (template === undefined) throw new Refusal("NOT_FOUND", "Custom template not found");
    return renderCustom(account, template);
  },
} satisfies Readonly<Record<string, Operation>>;

const teamCreatedAt = "2025-02-11T09:16:00.000Z";

function renderSession({ teamId, switches }: Account): Rendered {
  const namespace = `team-${teamId}`;
  return {
    user: {
      id: `u${teamId.slice(1)}`,
      email: "ops@example.test",
      firstName: "Ada",
      lastName: null,
      dtCreated: "2025-02-11T09:14:02.118Z",
      dtConfirmed: "2025-02-11T09:15:40.000Z",
      analyticsId: 884213,
      isPhoneVerified: true,
      isPasswordAuthEnabled: true,
      isQrCodeBasedMfaEnabled: false,
      isQrCodeBasedMfaConfirmed: false,
      teamMemberships: [{
        team: {
          id: teamId,
          name: "Example Team",
          namespace,
          publicProfileImageUrl: null,
          isUserTeam: false,
          dtCreated: teamCreatedAt,
        },
        isOwner: true,
        isAdmin: true,
      }],
      preferences: null,
      metadata: {
        tags: null,
        coreSurvey: null,
        gradientSurvey: null,
        graphcoreTermsAccepted: false,
      },
    },
    team: {
      id: teamId,
      namespace,
      isPrivate: false,
      maxMachines: switches.behaviour.maxMachines,
      analyticsId: 551907,
    },
  };
}

/** Available is what is free somewhere: templates know no regions. */
function renderTemplate({ market, switches }: Account, template: SimTemplate): Rendered {
  const stock = market.stock();
  const { phantomStock } = switches.behaviour;
  return {
    id: template.id,
    name: template.name,
    agentType: template.agentType,
    operatingSystemLabel: template.operatingSystemLabel,
    defaultSizeGb: template.defaultSizeGb,
    availableMachineTypes: template.machineTypes.map((label) => ({
      machineTypeLabel: label,
      isAvailable: Object.keys(stock[label] ?? {}).length > 0 ||
        phantomStock.some((pair) => pair.startsWith(`${label}/`)),
    })),
    dtCreated: template.createdAt,
  };
}

function renderCustom(account: Account, template: SimCustomTemplate): Rendered {
  return {
    ...renderTemplate(account, template),
    region: simRegions[template.region],
    parentMachineId: template.parentMachineId,
    dtDeleted: null,
  };
}
